// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import java.util.Optional;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.vm.Helper;
import org.bpfdump.image.vm.Machine;

/** The functions of the kernel that programs call by name, as far as they only read. */
public final class Kfuncs {
  private Kfuncs() {}

  /**
   * A function that a program calls.
   *
   * @param program its name, for the message
   * @param types the program's own, if it has any
   * @throws UnsupportedException when an image has no answer, or not yet
   */
  public static Helper require(String name, String program, Optional<Btf> types) {
    return find(name)
        .or(() -> types.flatMap(own -> Allocations.maker(name, own)))
        .orElseThrow(() ->
            new UnsupportedException(
                "program "
                    + program
                    + " calls "
                    + name
                    + (Meaningless.isFunction(name) ? Meaningless.MESSAGE : Helpers.NOT_YET)));
  }

  /** A function; none where an image has no answer. */
  public static Optional<Helper> find(String name) {
    Helper found = general(name);
    if (found == null) {
      found = iterator(name);
    }
    if (found == null) {
      found = name.startsWith("bpf_cpumask_") ? cpumask(name) : string(name);
    }
    return Optional.ofNullable(found);
  }

  private static Helper general(String name) {
    return switch (name) {
      case "bpf_rdonly_cast", "bpf_cast_to_kern_ctx", "bpf_task_acquire", "bpf_cgroup_acquire" ->
          Kfuncs::same;
      case "bpf_rcu_read_lock",
          "bpf_rcu_read_unlock",
          "bpf_preempt_disable",
          "bpf_preempt_enable",
          "bpf_local_irq_save",
          "bpf_local_irq_restore",
          "bpf_res_spin_lock",
          "bpf_res_spin_unlock",
          "bpf_res_spin_lock_irqsave",
          "bpf_res_spin_unlock_irqrestore",
          "bpf_task_release",
          "bpf_cgroup_release",
          "bpf_task_from_vpid" ->
          Current::none;
      case "bpf_throw" -> Kfuncs::end;
      case "bpf_task_from_pid" -> TaskFunctions::fromPid;
      case "bpf_cgroup_ancestor" -> CgroupFunctions::ancestor;
      case "bpf_task_under_cgroup" -> CgroupFunctions::under;
      case "bpf_cgroup_from_id" -> CgroupFunctions::fromId;
      case "bpf_task_get_cgroup1" -> CgroupFunctions::ofTask;
      case "bpf_obj_drop_impl", "bpf_obj_drop" -> Allocations::drop;
      case "bpf_refcount_acquire_impl", "bpf_refcount_acquire" -> Allocations::share;
      case "bpf_map_sum_elem_count" -> MapHelpers::count;
      case "bpf_dynptr_adjust" -> Dynptrs::adjust;
      case "bpf_dynptr_is_null" -> Dynptrs::isNull;
      case "bpf_dynptr_is_rdonly" -> Dynptrs::isReadOnly;
      case "bpf_dynptr_size" -> Dynptrs::size;
      case "bpf_dynptr_clone" -> Dynptrs::copy;
      case "bpf_dynptr_slice" -> Dynptrs::slice;
      case "bpf_dynptr_copy" -> Dynptrs::move;
      case "bpf_dynptr_memset" -> Dynptrs::fill;
      case "bpf_copy_from_user_str" -> UserStrings::copy;
      case "bpf_copy_from_user_task_str" -> UserStrings::copyFromTask;
      default -> null;
    };
  }

  private static Helper iterator(String name) {
    return switch (name) {
      case "bpf_iter_num_new" -> Iterators::newNumbers;
      case "bpf_iter_num_next" -> Iterators::nextNumber;
      case "bpf_iter_num_destroy" -> Iterators::endNumbers;
      case "bpf_iter_bits_new" -> Iterators::newBits;
      case "bpf_iter_bits_next" -> Iterators::nextBit;
      case "bpf_iter_task_new" -> Iterators::newTasks;
      case "bpf_iter_task_vma_new" -> Iterators::newAreas;
      case "bpf_iter_css_new" -> Iterators::newStates;
      case "bpf_iter_css_task_new" -> Iterators::newCgroupTasks;
      case "bpf_iter_kmem_cache_new" -> Iterators::newCaches;
      case "bpf_iter_dmabuf_new" -> Iterators::newBuffers;
      case "bpf_iter_task_next",
          "bpf_iter_task_vma_next",
          "bpf_iter_css_next",
          "bpf_iter_css_task_next",
          "bpf_iter_kmem_cache_next",
          "bpf_iter_dmabuf_next" ->
          Iterators::next;
      case "bpf_iter_task_destroy",
          "bpf_iter_task_vma_destroy",
          "bpf_iter_css_destroy",
          "bpf_iter_css_task_destroy",
          "bpf_iter_kmem_cache_destroy",
          "bpf_iter_dmabuf_destroy",
          "bpf_iter_bits_destroy" ->
          Iterators::end;
      default -> null;
    };
  }

  private static Helper cpumask(String name) {
    return switch (name) {
      case "bpf_cpumask_create" -> Cpumasks::create;
      case "bpf_cpumask_acquire" -> Kfuncs::same;
      case "bpf_cpumask_release" -> Current::none;
      case "bpf_cpumask_first" -> Cpumasks::first;
      case "bpf_cpumask_first_zero" -> Cpumasks::firstZero;
      case "bpf_cpumask_first_and", "bpf_cpumask_any_and_distribute" -> Cpumasks::firstAnd;
      case "bpf_cpumask_any_distribute" -> Cpumasks::first;
      case "bpf_cpumask_set_cpu" -> Cpumasks::set;
      case "bpf_cpumask_clear_cpu" -> Cpumasks::clear;
      case "bpf_cpumask_test_cpu" -> Cpumasks::test;
      case "bpf_cpumask_test_and_set_cpu" -> Cpumasks::testAndSet;
      case "bpf_cpumask_test_and_clear_cpu" -> Cpumasks::testAndClear;
      case "bpf_cpumask_setall" -> Cpumasks::setAll;
      case "bpf_cpumask_clear" -> Cpumasks::clearAll;
      case "bpf_cpumask_and" -> Cpumasks::and;
      case "bpf_cpumask_or" -> Cpumasks::or;
      case "bpf_cpumask_xor" -> Cpumasks::xor;
      case "bpf_cpumask_copy" -> Cpumasks::copy;
      case "bpf_cpumask_equal" -> Cpumasks::equal;
      case "bpf_cpumask_intersects" -> Cpumasks::intersects;
      case "bpf_cpumask_subset" -> Cpumasks::subset;
      case "bpf_cpumask_empty" -> Cpumasks::empty;
      case "bpf_cpumask_full" -> Cpumasks::full;
      case "bpf_cpumask_weight" -> Cpumasks::weight;
      default -> null;
    };
  }

  private static Helper string(String name) {
    return switch (name) {
      case "bpf_strcmp" -> StringFunctions::compare;
      case "bpf_strcasecmp" -> StringFunctions::compareCaseless;
      case "bpf_strncasecmp" -> StringFunctions::compareStarts;
      case "bpf_strcasestr" -> StringFunctions::findTextCaseless;
      case "bpf_strchr" -> StringFunctions::find;
      case "bpf_strnchr" -> StringFunctions::findWithin;
      case "bpf_strchrnul" -> StringFunctions::findOrEnd;
      case "bpf_strrchr" -> StringFunctions::findLast;
      case "bpf_strlen" -> StringFunctions::length;
      case "bpf_strnlen" -> StringFunctions::lengthWithin;
      case "bpf_strspn" -> StringFunctions::span;
      case "bpf_strcspn" -> StringFunctions::spanOthers;
      case "bpf_strstr" -> StringFunctions::findText;
      case "bpf_strnstr" -> StringFunctions::findTextWithin;
      default -> null;
    };
  }

  private static long same(Machine m, long r1, long r2, long r3, long r4, long r5) {
    return r1;
  }

  private static long end(Machine m, long cookie, long r2, long r3, long r4, long r5) {
    throw m.end(cookie);
  }
}
