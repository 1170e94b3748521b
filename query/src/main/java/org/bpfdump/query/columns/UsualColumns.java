// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.columns;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.QueryException;
import org.bpfdump.error.RequestException;
import org.bpfdump.kernel.Target;
import org.bpfdump.query.Span;
import org.bpfdump.query.syntax.QueryText;

/**
 * Finds a target's usual columns: the user's, {@code ~/.config/bpfdump/columns/task_file.query},
 * else ours. A file is a query without a condition.
 */
public final class UsualColumns {
  private static final String SUFFIX = ".query";

  /** As many as a query's text may have characters, each of 4 bytes. */
  private static final int MOST_BYTES = 4 << 16;

  private final Optional<Path> directory;

  /**
   * @param directory where the user's files are, if there are any; it need not exist
   */
  public UsualColumns(Optional<Path> directory) {
    this.directory = directory;
  }

  /**
   * Those of the user whose environment this is: {@code $XDG_CONFIG_HOME/bpfdump/columns}, or
   * {@code $HOME/.config/bpfdump/columns} where the former is not set, or no absolute path.
   */
  public static UsualColumns of(Map<String, String> environment) {
    String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
    if (config.startsWith("/")) {
      return new UsualColumns(Optional.of(Path.of(config, "bpfdump", "columns")));
    }
    String home = environment.getOrDefault("HOME", "");
    return new UsualColumns(
        home.startsWith("/")
            ? Optional.of(Path.of(home, ".config", "bpfdump", "columns"))
            : Optional.empty());
  }

  /**
   * The columns of a target.
   *
   * @throws QueryException a file is no query, or one for another target, or has a condition; it
   *     names the file and the line
   * @throws MalformedException a file is no text
   * @throws RequestException there is no file, or it cannot be read
   */
  public ColumnFile of(Target target) {
    ColumnFile file = file(target);
    QueryText query = file.query();
    Span start = new Span(0, 0);
    if (!query.target().equals(target.name()) && !query.target().equals(target.path())) {
      int at = Math.max(file.text().indexOf(query.target()), 0);
      throw file.wrong(
          "this is a query of " + query.target() + ", and the file is for " + target.path(),
          new Span(at, at + query.target().length()));
    }
    if (query.where().isPresent()) {
      throw file.wrong(
          "usual columns have no condition: it would hide objects from who does not know of it",
          query.where().get().expression().span());
    }
    if (query.columns().isEmpty()) {
      throw file.wrong("columns are missing: " + target.path() + ": one, another", start);
    }
    return file;
  }

  private ColumnFile file(Target target) {
    String name = target.name() + SUFFIX;
    if (directory.isPresent()) {
      Path own = directory.get().resolve(name);
      try (InputStream in = Files.newInputStream(own)) {
        return ColumnFile.parse(own.toString(), text(own.toString(), in));
      } catch (NoSuchFileException e) {
        // then ours
      } catch (IOException e) {
        // Who may not look into the directory has none there: the home of somebody else, say.
        if (Files.exists(own)) {
          throw new RequestException(
              "cannot read " + own + ": " + e + "; make it readable, or remove it");
        }
      }
    }
    try (InputStream in = UsualColumns.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new RequestException(
            "there are no usual columns of "
                + target.path()
                + ": name some"
                + directory.map(d -> ", or write them to " + d.resolve(name)).orElse(""));
      }
      return ColumnFile.parse("bpfdump's " + name, text(name, in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String name, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new MalformedException(name + " is too long for a query", MOST_BYTES);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException(name + " is no text in UTF-8: " + e.getMessage(), -1);
    }
  }
}
