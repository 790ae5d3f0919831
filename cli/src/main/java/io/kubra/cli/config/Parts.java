package io.kubra.cli.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Which parts a cluster has. A part that has members is on when one of them is.
 *
 * @param on the parts that are on, without those that only gather members
 */
public record Parts(Set<Part> on) {
  /** What a cluster has unless told otherwise. */
  public static final Parts DEFAULT =
      new Parts(EnumSet.copyOf(Arrays.stream(Part.values()).filter(Part::onByDefault).toList()));

  /** None of the parts. */
  public static final Parts NONE = new Parts(EnumSet.noneOf(Part.class));

  public Parts {
    EnumSet<Part> single = EnumSet.noneOf(Part.class);
    on.stream().filter(part -> part.members().isEmpty()).forEach(single::add);
    on = Set.copyOf(single);
  }

  /** Whether the cluster has the part. */
  public boolean enabled(Part part) {
    return on.contains(part) || part.members().stream().anyMatch(on::contains);
  }

  /** With these parts, and the members of these parts. */
  public Parts with(Collection<Part> more) {
    EnumSet<Part> set = EnumSet.noneOf(Part.class);
    set.addAll(on);
    more.forEach(part -> addWithMembers(part, set));
    return new Parts(set);
  }

  /** Without these parts, and without the members of these parts. */
  public Parts without(Collection<Part> less) {
    EnumSet<Part> gone = EnumSet.noneOf(Part.class);
    less.forEach(part -> addWithMembers(part, gone));
    EnumSet<Part> set = EnumSet.noneOf(Part.class);
    set.addAll(on);
    set.removeAll(gone);
    return new Parts(set);
  }

  private static void addWithMembers(Part part, Set<Part> set) {
    set.add(part);
    set.addAll(part.members());
  }

  /** The parts that would be on by default and are off, in their order. */
  public List<Part> disabled() {
    return Arrays.stream(Part.values())
        .filter(part -> part.members().isEmpty() && part.onByDefault() && !on.contains(part))
        .toList();
  }

  /** The parts that would be off by default and are on, in their order. */
  public List<Part> enabledBeyondDefault() {
    return Arrays.stream(Part.values())
        .filter(part -> !part.onByDefault() && on.contains(part))
        .toList();
  }
}
