package io.kubra.node.cgroup;

import java.util.List;
import java.util.OptionalLong;

/** Reads what control groups used. Paths are those within the hierarchies, such as {@code /a/b}. */
public sealed interface CgroupReader permits CgroupReaderV1, CgroupReaderV2 {
  /** The reader for what this machine has mounted. */
  static CgroupReader of(CgroupHierarchies hierarchies) {
    return hierarchies.unified() != null
        ? new CgroupReaderV2(hierarchies.unified())
        : new CgroupReaderV1(hierarchies.controllers());
  }

  /** Whether the group is there. */
  boolean exists(String path);

  /** What the group and those below it used; a group that is gone has used nothing known. */
  CgroupUsage read(String path);

  /** One of the processes of the group itself, those below left aside. */
  OptionalLong process(String path);

  /** The names of the groups right below, in no order. */
  List<String> children(String path);
}
