// SPDX-License-Identifier: Apache-2.0
/**
 * The targets of an image, one class each, which register themselves as services: what the kernel's
 * own iterators visit, in their order.
 *
 * <p>What ends a walk, whatever is in the image:
 *
 * <ul>
 *   <li>tasks, programs, links and maps: each node of an xarray has one place in its parent;
 *   <li>threads of a process, cgroups, caches, DMA buffers, modules: each node of a list points
 *       back at one other, and a cgroup at one parent;
 *   <li>memory areas of a process: the limits of maple nodes lie in the range that the parent
 *       gives, addresses in a list rise; of all processes together, {@link
 *       org.bpfdump.image.walk.container.Room}, as processes may share areas;
 *   <li>open files and elements of maps: the sizes of their tables, which are taken from the room
 *       before they are looked at;
 *   <li>sockets, storage of sockets, IPv6 routes: nodes of chains and of trees, which are taken
 *       from the room one by one, as many places may lead to the same chain;
 *   <li>symbols: the kernel's own table; those of modules are taken from the room;
 *   <li>and for all, so many places that are broken that the rest is of no use.
 * </ul>
 */
package org.bpfdump.image.walk;
