// SPDX-License-Identifier: Apache-2.0
/**
 * Decompression of what dump files are packed with and the JDK cannot unpack: LZO1X, Snappy and
 * Zstandard. All of it is plain Java on arrays, for the input may be hostile: what the Java
 * libraries of these formats have in common is native code or unchecked memory access, where a
 * spoiled page can take the JVM along. Broken data is a {@link java.util.zip.DataFormatException}.
 */
package org.bpfdump.image.memory.codec;
