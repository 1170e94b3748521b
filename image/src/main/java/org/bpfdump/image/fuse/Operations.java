// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.fuse;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.image.FuseConnection;
import org.bpfdump.image.ImageTree;
import org.bpfdump.kernel.Dump;

/** What each request means. */
final class Operations implements AutoCloseable {
  private static final int WRITING = 3; // O_WRONLY | O_RDWR
  private static final int DIRECT = 1; // FOPEN_DIRECT_IO: size 0 is no end

  private static final int SET_MODE = 1;
  private static final int SET_UID = 2;
  private static final int SET_GID = 4;
  private static final int SET_SIZE = 8;

  /** The kernel's buffer: no read gives more. */
  private static final int MOST_READ = 32 << 10;

  private static final String FACTS = "user.bpfdump";
  private static final String OPTIONS = "user.bpfdump.options";

  private final Tree tree;
  private final FuseConnection connection;
  private final ConcurrentMap<Long, OpenFile> open = new ConcurrentHashMap<>();
  private final AtomicLong nextHandle = new AtomicLong(1);

  Operations(Tree tree, FuseConnection connection) {
    this.tree = tree;
    this.connection = connection;
  }

  /** Answers a request, whatever becomes of it. */
  void answer(Request request) {
    int errno;
    try {
      dispatch(request);
      return;
    } catch (Refusal e) {
      errno = e.errno();
    } catch (IndexOutOfBoundsException e) {
      errno = Refusal.EINVAL; // a request that is too short
    } catch (OutOfMemoryError e) {
      errno = Refusal.ENOMEM;
    } catch (RuntimeException | StackOverflowError e) {
      errno = Refusal.EIO; // whoever asked would wait for ever
    }
    if (request.isAnswered()) {
      Answer.error(connection, request.unique(), errno);
    }
  }

  private void dispatch(Request request) throws Refusal {
    ByteBuffer body = request.body();
    switch (request.opcode()) {
      case Opcode.LOOKUP -> entry(request, tree.look(request.node(), request.text(0)));
      case Opcode.FORGET -> tree.forget(request.node(), body.getLong(0));
      case Opcode.BATCH_FORGET -> {
        for (int i = 0, at = 8; i < body.getInt(0); i++, at += 16) {
          tree.forget(body.getLong(at), body.getLong(at + 8));
        }
      }
      case Opcode.GETATTR -> attributes(request, tree.node(request.node()));
      case Opcode.SETATTR -> set(request);
      case Opcode.UNLINK -> {
        tree.remove(request.node(), request.text(0));
        Answer.done(connection, request.unique());
      }
      case Opcode.OPEN -> open(request);
      case Opcode.CREATE -> create(request);
      case Opcode.READ -> read(request);
      case Opcode.WRITE -> write(request);
      case Opcode.FLUSH -> flush(request);
      case Opcode.RELEASE -> release(request);
      case Opcode.OPENDIR -> {
        List<Map.Entry<String, Node>> entries = tree.list(request.node());
        opened(request, new OpenFile.Listing(entries), 0);
      }
      case Opcode.READDIR -> list(request);
      case Opcode.RELEASEDIR -> {
        if (handle(request) instanceof OpenFile.Listing listing) {
          open.remove(body.getLong(0), listing);
        }
        Answer.done(connection, request.unique());
      }
      case Opcode.SETXATTR -> setAttribute(request);
      case Opcode.GETXATTR -> attribute(request);
      case Opcode.LISTXATTR -> text(request, body.getInt(0), FACTS + "\0");
      case Opcode.STATFS -> {
        ByteBuffer out = Answer.body(80);
        out.position(40);
        out.putInt(4096).putInt(255).putInt(4096);
        out.position(80);
        Answer.bytes(connection, request.unique(), out);
      }
      case Opcode.INTERRUPT -> {} // nothing waits for anybody else
      default -> throw new Refusal(Refusal.ENOSYS);
    }
  }

  private void entry(Request request, Node node) {
    ByteBuffer out = Answer.body(Attributes.ENTRY);
    synchronized (tree) {
      Attributes.entry(out, node);
    }
    Answer.bytes(connection, request.unique(), out);
  }

  private void attributes(Request request, Node node) {
    ByteBuffer out = Answer.body(Attributes.ATTRIBUTES_OUT);
    synchronized (tree) {
      Attributes.out(out, node);
    }
    Answer.bytes(connection, request.unique(), out);
  }

  /**
   * chmod, chown; the kernel has checked who asks. A size is taken where a file is written anew.
   */
  private void set(Request request) throws Refusal {
    ByteBuffer body = request.body();
    int what = body.getInt(0);
    Node node = tree.node(request.node());
    synchronized (tree) {
      if (node instanceof Node.Directory && (what & (SET_MODE | SET_UID | SET_GID)) != 0) {
        throw new Refusal(Refusal.EPERM);
      }
      if ((what & SET_SIZE) != 0 && body.getLong(16) != 0) {
        throw new Refusal(Refusal.EINVAL);
      }
      if ((what & SET_MODE) != 0) {
        node.mode = Node.S_IFREG | (body.getInt(68) & 0444);
      }
      if ((what & SET_UID) != 0) {
        node.uid = body.getInt(76);
      }
      if ((what & SET_GID) != 0) {
        node.gid = body.getInt(80);
      }
    }
    attributes(request, node);
  }

  private void opened(Request request, OpenFile file, int flags) {
    long handle = nextHandle.getAndIncrement();
    open.put(handle, file);
    ByteBuffer out = Answer.body(16);
    out.putLong(handle).putInt(flags).putInt(0);
    Answer.bytes(connection, request.unique(), out);
  }

  private void open(Request request) throws Refusal {
    Node.File file = tree.file(request.node());
    if ((request.body().getInt(0) & WRITING) != 0) {
      throw new Refusal(Refusal.EPERM); // a dumper is not changed; remove it
    }
    ImageTree.Made made = tree.open(file);
    if (made == null) {
      opened(request, new OpenFile.Waiting(), DIRECT);
      return;
    }
    Dump dump = null;
    try {
      dump = made.dumper().open();
    } finally {
      if (dump == null) {
        tree.close(file);
      }
    }
    opened(request, new OpenFile.Reading(file, dump), DIRECT);
  }

  private void create(Request request) throws Refusal {
    ByteBuffer body = request.body();
    int mode = body.getInt(4) & ~body.getInt(8);
    Node.File file =
        tree.create(request.node(), request.text(16), mode, request.uid(), request.gid());
    long handle = nextHandle.getAndIncrement();
    open.put(handle, new OpenFile.Writing(file, new ByteArrayOutputStream()));
    ByteBuffer out = Answer.body(Attributes.ENTRY + 16);
    synchronized (tree) {
      Attributes.entry(out, file);
    }
    out.putLong(handle).putInt(DIRECT).putInt(0);
    Answer.bytes(connection, request.unique(), out);
  }

  private OpenFile handle(Request request) throws Refusal {
    OpenFile file = open.get(request.body().getLong(0));
    if (file == null) {
      throw new Refusal(Refusal.EBADF);
    }
    return file;
  }

  /** The next part of a dump; where in the file is not asked, as on a running kernel. */
  private void read(Request request) throws Refusal {
    OpenFile file = handle(request);
    if (!(file instanceof OpenFile.Reading reading)) {
      throw new Refusal(file instanceof OpenFile.Waiting ? Refusal.EBUSY : Refusal.EBADF);
    }
    int size = Math.clamp(request.body().getInt(16), 1, MOST_READ);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment all = arena.allocate(Answer.HEADER + (long) size, 8);
      long n;
      synchronized (reading) {
        n = reading.dump().read(all.asSlice(Answer.HEADER));
      }
      MemorySegment answer = all.asSlice(0, Answer.HEADER + n);
      Answer.header(answer, request.unique(), 0);
      connection.write(answer);
    }
  }

  private void write(Request request) throws Refusal {
    ByteBuffer body = request.body();
    if (!(handle(request) instanceof OpenFile.Writing writing)) {
      throw new Refusal(Refusal.EBADF);
    }
    byte[] bytes = request.bytes(40, body.getInt(16));
    if (body.getInt(16) != bytes.length) {
      throw new Refusal(Refusal.EINVAL);
    }
    synchronized (writing) {
      if (body.getLong(8) != writing.content().size()) {
        throw new Refusal(Refusal.EINVAL); // from its start to its end
      }
      if (writing.content().size() + bytes.length > OpenFile.Writing.MOST) {
        throw new Refusal(Refusal.EFBIG);
      }
      writing.content().writeBytes(bytes);
    }
    ByteBuffer out = Answer.body(8);
    out.putInt(bytes.length).putInt(0);
    Answer.bytes(connection, request.unique(), out);
  }

  /** close(2): what was written becomes a dumper, or the writer is told that it does not. */
  private void flush(Request request) throws Refusal {
    if (handle(request) instanceof OpenFile.Writing writing) {
      synchronized (writing) {
        boolean empty = writing.content().size() == 0;
        if (writing.file().made == null && !empty) {
          finish(writing);
        }
      }
    }
    Answer.done(connection, request.unique());
  }

  private void finish(OpenFile.Writing writing) throws Refusal {
    Node.File file = writing.file();
    List<String> options;
    synchronized (tree) {
      options = List.copyOf(file.options);
    }
    try {
      byte[] content = writing.content().toByteArray();
      tree.made(file, tree.maker().make(content, options, file.directory.target));
    } catch (BpfdumpException e) {
      tree.discard(file);
      throw new Refusal(Refusal.EINVAL);
    }
  }

  private void release(Request request) {
    switch (open.remove(request.body().getLong(0))) {
      case null -> {}
      case OpenFile.Reading reading -> {
        synchronized (reading) {
          reading.dump().close();
        }
        tree.close(reading.file());
      }
      case OpenFile.Writing writing -> {
        synchronized (writing) { // a flush may be under way
          if (writing.file().made == null) {
            tree.discard(writing.file());
          }
          tree.close(writing.file());
        }
      }
      case OpenFile.Listing _, OpenFile.Waiting _ -> {}
    }
    Answer.done(connection, request.unique());
  }

  private void list(Request request) throws Refusal {
    if (!(handle(request) instanceof OpenFile.Listing listing)) {
      throw new Refusal(Refusal.EBADF);
    }
    ByteBuffer out = Answer.body(Math.clamp(request.body().getInt(16), 0, 1 << 20));
    List<Map.Entry<String, Node>> entries = listing.entries();
    for (long i = request.body().getLong(8); i >= 0 && i < entries.size(); i++) {
      Map.Entry<String, Node> entry = entries.get((int) i);
      byte[] name = entry.getKey().getBytes(StandardCharsets.UTF_8);
      int size = (24 + name.length + 7) & ~7;
      if (out.remaining() < size) {
        break;
      }
      int start = out.position();
      out.putLong(entry.getValue().id).putLong(i + 1).putInt(name.length);
      out.putInt(entry.getValue().mode >> 12).put(name);
      out.position(start + size);
    }
    Answer.bytes(connection, request.unique(), out);
  }

  private void setAttribute(Request request) throws Refusal {
    String name = request.text(8);
    Node.File file = tree.file(request.node());
    if (!name.equals(OPTIONS)) {
      throw new Refusal(Refusal.EPERM);
    }
    int at = 8 + name.getBytes(StandardCharsets.UTF_8).length + 1;
    byte[] value = request.bytes(at, request.body().getInt(0));
    synchronized (tree) {
      if (file.made != null) {
        throw new Refusal(Refusal.EPERM);
      }
      file.options.clear();
      new String(value, StandardCharsets.UTF_8).lines().forEach(file.options::add);
    }
    Answer.done(connection, request.unique());
  }

  private void attribute(Request request) throws Refusal {
    if (!(tree.node(request.node()) instanceof Node.File file) || !request.text(8).equals(FACTS)) {
      throw new Refusal(Refusal.ENODATA);
    }
    List<String> facts;
    synchronized (tree) {
      if (file.made == null) {
        throw new Refusal(Refusal.ENODATA);
      }
      facts = file.made.facts();
    }
    text(request, request.body().getInt(0), String.join("\n", facts) + "\n");
  }

  /** A text for who has room for it; or how much room it takes. */
  private void text(Request request, int room, String text) throws Refusal {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out;
    if (room == 0) {
      out = Answer.body(8);
      out.putInt(bytes.length).putInt(0);
    } else if (room < bytes.length) {
      throw new Refusal(Refusal.ERANGE);
    } else {
      out = Answer.body(bytes.length);
      out.put(bytes);
    }
    Answer.bytes(connection, request.unique(), out);
  }

  @Override
  public void close() {
    for (OpenFile file : open.values()) {
      if (file instanceof OpenFile.Reading reading) {
        synchronized (reading) {
          reading.dump().close();
        }
        tree.close(reading.file());
      }
    }
    open.clear();
  }
}
