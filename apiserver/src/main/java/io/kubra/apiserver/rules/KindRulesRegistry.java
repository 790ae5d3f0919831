package io.kubra.apiserver.rules;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersionResource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of every kind, by group and resource, and the few resources that are served in more
 * versions (or groups) than the one they are stored in. Filled at start, read-only afterwards.
 */
public final class KindRulesRegistry {
  private final Map<GroupResource, KindRules> rules = new HashMap<>();
  private final Map<GroupVersionResource, Alias> aliases = new HashMap<>();

  /** A served version whose objects are stored as those of another. */
  public record Alias(GroupVersionResource storage, VersionConversion conversion) {}

  /** Adds the rules of a resource; a later call replaces them. */
  public KindRulesRegistry register(String group, String resource, KindRules kindRules) {
    rules.put(new GroupResource(group, resource), kindRules);
    return this;
  }

  /** Serves a version from another version's storage. */
  public KindRulesRegistry alias(
      GroupVersionResource served, GroupVersionResource storage, VersionConversion conversion) {
    aliases.put(served, new Alias(storage, conversion));
    return this;
  }

  /** The rules of a resource; {@link KindRules#NONE} when it has none. */
  public KindRules rules(String group, String resource) {
    return rules.getOrDefault(new GroupResource(group, resource), KindRules.NONE);
  }

  /** Where the objects of a served version are stored; null if as themselves. */
  public @Nullable Alias alias(GroupVersionResource served) {
    return aliases.get(served);
  }
}
