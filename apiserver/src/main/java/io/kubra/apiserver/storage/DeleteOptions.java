package io.kubra.apiserver.storage;

import io.kubra.api.tree.Trees;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a delete asks for; null where it leaves the choice to the server. */
public record DeleteOptions(
    @Nullable Long gracePeriodSeconds,
    @Nullable Propagation propagation,
    @Nullable String uid,
    @Nullable String resourceVersion) {

  /** Nothing in particular. */
  public static final DeleteOptions DEFAULT = new DeleteOptions(null, null, null, null);

  /** What happens to the objects that the deleted one owns. */
  public enum Propagation {
    ORPHAN("Orphan"),
    BACKGROUND("Background"),
    FOREGROUND("Foreground");

    private final String text;

    Propagation(String text) {
      this.text = text;
    }

    /** Reads the API's value; null if there is none or it is unknown. */
    public static @Nullable Propagation of(@Nullable String text) {
      for (Propagation p : values()) {
        if (p.text.equals(text)) {
          return p;
        }
      }
      return null;
    }
  }

  /** Reads a DeleteOptions object. */
  public static DeleteOptions of(Map<String, Object> tree) {
    Propagation propagation = Propagation.of(Trees.string(tree, "propagationPolicy"));
    if (propagation == null && tree.get("orphanDependents") instanceof Boolean orphan) {
      propagation = orphan ? Propagation.ORPHAN : Propagation.BACKGROUND;
    }
    return new DeleteOptions(
        Trees.integer(tree, "gracePeriodSeconds"),
        propagation,
        Trees.string(tree, "preconditions", "uid"),
        Trees.string(tree, "preconditions", "resourceVersion"));
  }
}
