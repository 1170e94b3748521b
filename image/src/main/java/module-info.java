// SPDX-License-Identifier: Apache-2.0
/** The memory image of a kernel, crashed or snapshotted: its targets, walked in the JVM. */
module org.bpfdump.image {
  requires transitive org.bpfdump.core;
  requires org.tukaani.xz;

  exports org.bpfdump.image;

  uses org.bpfdump.image.walk.ImageTarget;

  provides org.bpfdump.image.walk.ImageTarget with
      org.bpfdump.image.walk.bpf.BpfLinkTarget,
      org.bpfdump.image.walk.bpf.BpfMapElemTarget,
      org.bpfdump.image.walk.bpf.BpfMapTarget,
      org.bpfdump.image.walk.bpf.BpfProgTarget,
      org.bpfdump.image.walk.bpf.BpfSkStorageMapTarget,
      org.bpfdump.image.walk.bpf.SockmapTarget,
      org.bpfdump.image.walk.cgroup.CgroupTarget,
      org.bpfdump.image.walk.ksym.KsymTarget,
      org.bpfdump.image.walk.memory.DmabufTarget,
      org.bpfdump.image.walk.memory.KmemCacheTarget,
      org.bpfdump.image.walk.net.Ipv6RouteTarget,
      org.bpfdump.image.walk.net.NetlinkTarget,
      org.bpfdump.image.walk.net.TcpTarget,
      org.bpfdump.image.walk.net.UdpTarget,
      org.bpfdump.image.walk.net.UnixTarget,
      org.bpfdump.image.walk.task.TaskFileTarget,
      org.bpfdump.image.walk.task.TaskTarget,
      org.bpfdump.image.walk.task.TaskVmaTarget;
}
