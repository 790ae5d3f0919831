package io.kubra.api.apply;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A set of field paths, held as a tree of path elements. A node says whether the path that leads to
 * it is itself in the set; its children hold longer paths. Sets are built with {@link #insert} and
 * then treated as values: the operations return new sets and may share subtrees.
 */
final class FieldSet {
  private boolean member;
  private Map<String, FieldSet> children = Collections.emptyMap();

  static FieldSet empty() {
    return new FieldSet();
  }

  /** The set of these paths. */
  static FieldSet of(Iterable<? extends List<String>> paths) {
    FieldSet set = new FieldSet();
    for (List<String> path : paths) {
      set.insert(path);
    }
    return set;
  }

  /**
   * Reads a FieldsV1 document.
   *
   * @throws IllegalArgumentException when it is not one
   */
  static FieldSet fromFieldsV1(Map<?, ?> document) {
    FieldSet set = new FieldSet();
    for (Map.Entry<?, ?> entry : document.entrySet()) {
      String key = (String) entry.getKey();
      if (!(entry.getValue() instanceof Map<?, ?> below)) {
        throw new IllegalArgumentException("value of " + key + " must be an object");
      }
      if (key.equals(".")) {
        set.member = true;
        continue;
      }
      FieldSet child = fromFieldsV1(below);
      child.member |= below.isEmpty();
      set.put(PathElement.canonical(key), child);
    }
    return set;
  }

  /** The FieldsV1 document of this set, its keys in order. */
  Map<String, Object> toFieldsV1() {
    Map<String, Object> document = new LinkedHashMap<>();
    if (member && !children.isEmpty()) {
      document.put(".", new LinkedHashMap<String, Object>());
    }
    if (children.size() == 1) {
      children.forEach((element, child) -> document.put(element, child.toFieldsV1()));
    } else if (!children.isEmpty()) {
      new TreeMap<>(children)
          .forEach((element, child) -> document.put(element, child.toFieldsV1()));
    }
    return document;
  }

  boolean isEmpty() {
    return !member && children.isEmpty();
  }

  boolean member() {
    return member;
  }

  Map<String, FieldSet> children() {
    return children;
  }

  @Nullable FieldSet child(String element) {
    return children.get(element);
  }

  void insert(Iterable<String> path) {
    FieldSet at = this;
    for (String element : path) {
      at = at.descend(element);
    }
    at.member = true;
  }

  /** The child at an element, made when absent; for building only. */
  FieldSet descend(String element) {
    FieldSet child = children.get(element);
    if (child == null) {
      child = new FieldSet();
      put(element, child);
    }
    return child;
  }

  void include() {
    member = true;
  }

  /** Puts a subtree at an element unless it is empty; for building only. */
  void adopt(String element, FieldSet child) {
    putUnlessEmpty(element, child);
  }

  /** Drops children that came to hold nothing; for building only. */
  void dropEmptyChildren() {
    if (!children.isEmpty()) {
      children.values().removeIf(FieldSet::isEmpty);
    }
  }

  private void put(String element, FieldSet child) {
    if (children.isEmpty()) {
      children = new HashMap<>(4);
    }
    children.put(element, child);
  }

  private void putUnlessEmpty(String element, FieldSet child) {
    if (!child.isEmpty()) {
      put(element, child);
    }
  }

  boolean has(List<String> path) {
    FieldSet at = this;
    for (String element : path) {
      at = at.children.get(element);
      if (at == null) {
        return false;
      }
    }
    return at.member;
  }

  FieldSet union(FieldSet other) {
    if (other.isEmpty() || other == this) {
      return this;
    }
    if (isEmpty()) {
      return other;
    }
    FieldSet result = new FieldSet();
    result.member = member || other.member;
    children.forEach(result::put);
    other.children.forEach(
        (element, theirs) -> {
          FieldSet ours = result.children.get(element);
          result.put(element, ours == null ? theirs : ours.union(theirs));
        });
    return result;
  }

  /** The paths that are in both sets. */
  FieldSet intersection(FieldSet other) {
    FieldSet result = new FieldSet();
    result.member = member && other.member;
    boolean small = children.size() <= other.children.size();
    Map<String, FieldSet> larger = small ? other.children : children;
    (small ? children : other.children)
        .forEach(
            (element, child) -> {
              FieldSet match = larger.get(element);
              if (match != null) {
                result.putUnlessEmpty(element, child.intersection(match));
              }
            });
    return result;
  }

  /** The paths of this set that are not in the other one. */
  FieldSet difference(FieldSet other) {
    return minus(other, false);
  }

  /** As {@link #difference}, but a path in the other set also takes away everything below it. */
  FieldSet recursiveDifference(FieldSet other) {
    return minus(other, true);
  }

  private FieldSet minus(FieldSet other, boolean recursive) {
    if (other.isEmpty()) {
      return this;
    }
    FieldSet result = new FieldSet();
    if (recursive && other.member) {
      return result;
    }
    result.member = member && !other.member;
    children.forEach(
        (element, child) -> {
          FieldSet match = other.children.get(element);
          if (match == null) {
            result.put(element, child);
          } else {
            result.putUnlessEmpty(element, child.minus(match, recursive));
          }
        });
    return result;
  }

  /** The members that have no member below them. */
  FieldSet leaves() {
    FieldSet result = new FieldSet();
    result.member = member && children.isEmpty();
    children.forEach((element, child) -> result.putUnlessEmpty(element, child.leaves()));
    return result;
  }

  /** Visits the paths: at each level first the members, then what lies below, in order. */
  void forEach(Consumer<List<String>> visitor) {
    visit(new ArrayDeque<>(), visitor);
  }

  private void visit(ArrayDeque<String> prefix, Consumer<List<String>> visitor) {
    TreeMap<String, FieldSet> sorted = new TreeMap<>(children);
    sorted.forEach(
        (element, child) -> {
          if (child.member) {
            prefix.addLast(element);
            visitor.accept(List.copyOf(prefix));
            prefix.removeLast();
          }
        });
    sorted.forEach(
        (element, child) -> {
          prefix.addLast(element);
          child.visit(prefix, visitor);
          prefix.removeLast();
        });
  }

  List<List<String>> paths() {
    List<List<String>> paths = new ArrayList<>();
    forEach(paths::add);
    return paths;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FieldSet set && member == set.member && children.equals(set.children);
  }

  @Override
  public int hashCode() {
    return 31 * children.hashCode() + Boolean.hashCode(member);
  }

  @Override
  public String toString() {
    return paths().stream().map(PathElement::display).toList().toString();
  }
}
