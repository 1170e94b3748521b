// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.bpfdump.error.QueryException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said to mistakes, and which part of the text is pointed at. */
class MistakesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "task | tgdi | tgdi | nothing on this kernel is named tgdi: did you mean tgid?",
        "task | mm.total_wm | total_wm | "
            + "struct mm_struct has no member total_wm on this kernel: did you mean total_vm?",
        "task | state | state | nothing on this kernel is named state: did you mean __state?",
        "udp | sk_rcvbuf | sk_rcvbuf | "
            + "nothing on this kernel is named sk_rcvbuf: did you mean inet.sk.sk_rcvbuf?",
        "task | TCP_LISTEM | TCP_LISTEM | "
            + "nothing on this kernel is named TCP_LISTEM: did you mean TCP_LISTEN?",
        "task | no_such_thing_here | no_such_thing_here | "
            + "nothing on this kernel is named no_such_thing_here: it is no argument of task "
            + "(task), no member of one, and no constant of an enum",
        "task/file | f_nothing_like_it | f_nothing_like_it | "
            + "nothing on this kernel is named f_nothing_like_it: it is no argument of "
            + "task/file (task, fd, file), no member of one, and no constant of an enum",
        "task | tgid.x | tgid | "
            + "this is pid_t (int), and only a struct, a union or a pointer to one has members",
        "task | comm.x | comm | "
            + "this is the array char [16]: select an element before its x, as [0].x",
        "task | mm.exe_file.f_path | mm.exe_file.f_path | "
            + "mm.exe_file.f_path is const struct path: select a member, or "
            + "path(mm.exe_file.f_path)",
        "task | se | se | se is struct sched_entity: select a member, as se.load",
        "task | signal.rlim | signal.rlim | "
            + "signal.rlim is struct rlimit [16]: select an element, as signal.rlim[0]",
        "task | signal.rlim[16] | 16 | index 16 is outside of the array, which has 16 elements",
        "task | signal.rlim[comm] | comm | an index is a number, and this is char *",
        "task | stack.x | stack | "
            + "a void * leads to nothing known: cast it, as (struct name *)...",
        "task | *tgid | tgid | * follows a pointer, and this is pid_t (int)",
        "task | &(tgid + 1) | tgid + 1 | & takes something in memory, and this was computed",
        "task | &in_execve | in_execve | a bitfield has no address",
        "task | sizeof(in_execve) | in_execve | a bitfield has no size in bytes",
        "task | (struct task_strukt *)mm | struct task_strukt * | "
            + "this kernel has no type struct task_strukt: did you mean task_struct?",
        "task | (task_struct *)mm | task_struct * | "
            + "task_struct is no type by itself: write struct task_struct",
        "task | (struct mm_struct)mm | struct mm_struct | "
            + "a cast gives a number or a pointer, and struct mm_struct is neither: write "
            + "struct mm_struct *",
        "task | mm * 2 | mm | "
            + "* takes numbers, and this is struct mm_struct *: cast it to unsigned long, or "
            + "select a member",
        "task | mm - files | mm - files | "
            + "subtracts struct files_struct * from struct mm_struct *: cast both to unsigned "
            + "long",
        "task | 1 / (2 - 2) | 2 - 2 | divides by 0",
        "task | tgid << 32 | 32 | shifts a number of 32 bits by 32",
        "task | nosuch(tgid) | nosuch | "
            + "no function is named nosuch: there are path, str, ip, port, ksym, user, uid, "
            + "flags, now, since, either, percpu, sizeof, container_of",
        "task | pth(tgid) | pth | no function is named pth: did you mean path?",
        "task | path() | path() | path() takes 1 argument, and 0 are given: write path(...)",
        "task | path(tgid) | tgid | "
            + "path() takes a struct path or a struct file, and this is pid_t",
        "task | path(mm.exe_file.f_path.dentry) | mm.exe_file.f_path.dentry | "
            + "path() takes a struct path or a struct file, and this is struct dentry, which "
            + "does not know where it is mounted",
        "task | path(((struct file *)stack).f_path) | ((struct file *)stack).f_path | "
            + "path() cannot be asked of this one: the kernel takes only what members lead to, "
            + "no casts, no unions and no positions computed",
        "task | str(tgid) | tgid | "
            + "str() takes a pointer to characters, and this is pid_t (int)",
        "task | str(comm, 0) | 0 | the length of str() is from 1 to 4096",
        "task | ip(tgid == 1 ? mm : 0) | ip(tgid == 1 ? mm : 0) | "
            + "ip() takes a __be32 or a struct in6_addr, and this is struct mm_struct",
        "task | ip(comm) | comm | "
            + "ip() takes a __be32 or a struct in6_addr, and this is char [16]",
        "task | port(mm) | mm | "
            + "port() takes a number of 16 bits, and this is struct mm_struct *",
        "task | user(mm) | mm | user() takes a number, and this is struct mm_struct *",
        "task | flags(flags, NO_SUCH_) | NO_SUCH_ | "
            + "no enumerator of one bit begins with NO_SUCH_ on this kernel: constants that "
            + "are macros have no names in its types, test their bits with &",
        "task | flags(flags) | flags(flags) | "
            + "flags() takes 2 arguments, and 1 is given: write flags(number, PREFIX)",
        "task | percpu(mm) | percpu(mm) | percpu() takes 2 arguments, and 1 is given: write"
            + " percpu(pointer, cpu)",
        "task | percpu(pid, 0) | pid | percpu() takes a pointer to memory of each CPU, and this is"
            + " pid_t (int)",
        "task | either(tgid) | either(tgid) | "
            + "either() takes two or more: the first that the kernel has",
        "task | either(tgdi, pdi) | pdi | "
            + "this kernel has none of these: nothing on this kernel is named tgdi: did you "
            + "mean tgid?; nothing on this kernel is named pdi: did you mean pid?",
        "task | container_of(tgid, struct task_struct, mm) | tgid | "
            + "container_of takes a pointer to the member, and this is pid_t (int)",
        "task | container_of(mm, int, mm) | int | "
            + "int is no struct: container_of names the outer one",
        "task | container_of(mm, struct task_struct, total_vm) | total_vm | "
            + "struct task_struct has no member total_vm on this kernel",
        "task | tgid ? mm : 1 | tgid ? mm : 1 | "
            + "the sides of : are struct mm_struct * and int: cast one of them",
        "task | tgid ? comm : 7 | 7 | one side of : is a text, and this is int",
        "task | (tgid ? comm : \"none\") + 1 | tgid ? comm : \"none\" | "
            + "this is a text, not a number: compare it with == != ^= *=, or show it by itself",
        "bpf_map_elem | key.x | key | "
            + "a void * leads to nothing known: cast it, as (struct name *)...",
        "bpf_prog | aux.used_maps.id | aux.used_maps | "
            + "this is struct bpf_map **, a pointer to a pointer: follow it with [0] before "
            + "its id",
        "tcp | ((struct fib6_nodex *)sk_common).x | struct fib6_nodex * | "
            + "this kernel has no type struct fib6_nodex: did you mean fib6_node?",
      })
  void itSaysWhatIsThereAndWhatToDo(String target, String text, String place, String message) {
    QueryException mistake =
        catchThrowableOfType(QueryException.class, () -> Checking.of("7.3", target).column(text));
    assertThat(mistake).as("a mistake in " + text).isNotNull();
    assertThat(mistake).hasMessage(message);
    assertThat(text.substring(mistake.start(), mistake.end())).isEqualTo(place);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "tcp | skc_daddr == \"localhost\" | skc_daddr == \"localhost\" | "
            + "\"localhost\" is no IPv4 address, such as 127.0.0.1",
        "task | comm == 5 | 5 | "
            + "compares a text with int: a text is compared with one in double quotes",
        "task | comm | comm | "
            + "a condition is a number, and this is a text: compare it with something",
        "task | comm == \"12345678901234567\" | comm == \"12345678901234567\" | "
            + "the text has 17 bytes and is compared with one that has at most 16",
        "task | comm < \"a\" | comm < \"a\" | "
            + "< takes no text: == != ^= (begins with) *= (contains) do",
        "task | \"a\" ^= comm | \"a\" | the text in quotes is on the right of ^=",
        "task | tgid == \"x\" | tgid | "
            + "compares pid_t (int) with a text: write the number, or a character between "
            + "single quotes",
        "task | tgid == NULL | NULL | "
            + "compares pid_t (int) with NULL: compare a number with 0, and a pointer on the "
            + "way to it with NULL",
        "task | mm == 5 | 5 | compares struct mm_struct * with int: cast one of them",
        "task | mm ^= \"x\" | mm | "
            + "compares struct mm_struct * with a text: if it points to one, write str(...)",
        "task | se && tgid | se | "
            + "this is struct sched_entity, not a number: select a member of it",
        "task | path(mm.exe_file) == path(mm.exe_file) | path(mm.exe_file) == path(mm.exe_file) | "
            + "one of two texts that are compared has at most 64 bytes: write str(..., 64) where"
            + " that is enough",
        "task | comm ^= group_leader.comm | group_leader.comm | "
            + "^= asks for a text in double quotes",
      })
  void aConditionIsANumber(String target, String text, String place, String message) {
    QueryException mistake =
        catchThrowableOfType(QueryException.class, () -> Checking.of("7.3", target).where(text));
    assertThat(mistake).as("a mistake in " + text).isNotNull();
    assertThat(mistake).hasMessage(message);
    assertThat(text.substring(mistake.start(), mistake.end())).isEqualTo(place);
  }
}
