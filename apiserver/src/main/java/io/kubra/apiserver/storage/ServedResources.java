package io.kubra.apiserver.storage;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersionResource;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.apiserver.cache.ObjectIndexer;
import io.kubra.apiserver.cache.StoreFeed;
import io.kubra.apiserver.request.RequestInfo;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.KindRulesRegistry;
import io.kubra.apiserver.rules.StoredForm;
import io.kubra.apiserver.rules.VersionConversion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All resources that are served. */
public final class ServedResources {
  private final Catalogue catalogue;
  private final KindRulesRegistry rules;
  private final StoreFeed feed;
  private final Map<GroupVersionResource, ServedResource> served = new ConcurrentHashMap<>();
  private final Map<GroupResource, ObjectIndexer> indexers = new ConcurrentHashMap<>();
  private final Map<GroupResource, GroupVersionResource> preferred = new ConcurrentHashMap<>();

  /** The storage versions of custom resources that clients do not see. */
  private final Map<GroupResource, ServedResource> hidden = new ConcurrentHashMap<>();

  private final Map<GroupResource, Equivalents> equivalents = new ConcurrentHashMap<>();

  /** Current while the catalogue is at this number of changes. */
  private record Equivalents(long catalogue, List<ServedResource> resources) {}

  public ServedResources(Catalogue catalogue, KindRulesRegistry rules, StoreFeed feed) {
    this.catalogue = catalogue;
    this.rules = rules;
    this.feed = feed;
    for (ResourceInfo info : catalogue.resources()) {
      if (info.stable() && rules.alias(info.gvr()) == null) {
        preferred.put(new GroupResource(info.gvr().group(), info.gvr().resource()), info.gvr());
      }
    }
  }

  public Catalogue catalogue() {
    return catalogue;
  }

  /** The resource of a version; null if it is not served. */
  public @Nullable ServedResource find(String group, String version, String resource) {
    GroupVersionResource gvr = new GroupVersionResource(group, version, resource);
    ServedResource known = served.get(gvr);
    if (known != null) {
      return known;
    }
    ResourceInfo info = catalogue.resource(gvr);
    if (info == null || !info.stable() || catalogue.addedKind(info.kind()) != null) {
      return null;
    }
    return served.computeIfAbsent(gvr, g -> create(info));
  }

  /**
   * One version of a custom resource.
   *
   * @param storage whether this is the version that the server itself works with
   * @param served whether clients see it
   */
  public record CustomVersion(
      ResourceInfo info, KindRules rules, StoredForm form, boolean storage, boolean served) {}

  /**
   * Serves a custom resource in these versions, instead of those it was served in before; none
   * takes it out. Watches on it end, so that clients see the objects as they are now.
   *
   * @param selectableFields the values for field selectors of a stored object
   */
  public synchronized void define(
      GroupResource resource,
      List<CustomVersion> versions,
      Function<Map<String, Object>, Map<String, String>> selectableFields) {
    ObjectIndexer indexer = new ObjectIndexer(selectableFields);
    Set<GroupVersionResource> now = new HashSet<>();
    preferred.remove(resource);
    hidden.remove(resource);
    for (CustomVersion version : versions) {
      GroupVersionResource gvr = version.info().gvr();
      ServedResource r =
          new ServedResource(
              version.info(),
              version.rules(),
              version.form(),
              feed,
              indexer,
              () -> equivalents(resource));
      if (!version.served()) {
        hidden.put(resource, r);
        continue;
      }
      now.add(gvr);
      served.put(gvr, r);
      if (version.storage()) {
        preferred.put(resource, gvr);
      }
    }
    served
        .entrySet()
        .removeIf(
            e ->
                e.getValue().custom()
                    && e.getKey().groupResource().equals(resource)
                    && !now.contains(e.getKey()));
    equivalents.remove(resource);
    feed.forget(Keys.prefix(new GroupVersionResource(resource.group(), "", resource.resource())));
  }

  /** Whether a request names a resource that is served, and if a subresource, one of it. */
  public boolean serves(RequestInfo info) {
    ServedResource r = find(info.group(), info.version(), info.resource());
    return r != null && (info.subresource().isEmpty() || r.subresource(info.subresource()) != null);
  }

  /** The storage version of a resource; null if there is no such resource. */
  public @Nullable ServedResource storageOf(GroupResource resource) {
    ServedResource unseen = hidden.get(resource);
    if (unseen != null) {
      return unseen;
    }
    GroupVersionResource gvr = preferred.get(resource);
    return gvr == null ? null : find(gvr.group(), gvr.version(), gvr.resource());
  }

  /** Whether the server ends. */
  boolean closed() {
    return feed.isClosed();
  }

  /** All versions, of whatever group, in which the objects stored as a resource are served. */
  private List<ServedResource> equivalents(GroupResource stored) {
    Equivalents known = equivalents.get(stored);
    if (known == null || known.catalogue() != catalogue.changes()) {
      long changes = catalogue.changes();
      List<ServedResource> all = new ArrayList<>();
      for (ResourceInfo info : catalogue.offered()) {
        KindRulesRegistry.Alias alias = rules.alias(info.gvr());
        GroupResource at = alias == null ? info.groupResource() : alias.storage().groupResource();
        GroupVersionResource gvr = info.gvr();
        ServedResource r =
            at.equals(stored) ? find(gvr.group(), gvr.version(), gvr.resource()) : null;
        if (r != null) {
          all.add(r);
        }
      }
      known = new Equivalents(changes, List.copyOf(all));
      equivalents.put(stored, known);
    }
    return known.resources();
  }

  private ServedResource create(ResourceInfo info) {
    KindRulesRegistry.Alias alias = rules.alias(info.gvr());
    ResourceInfo storage = info;
    VersionConversion conversion = null;
    if (alias != null) {
      ResourceInfo target = catalogue.resource(alias.storage());
      if (target == null) {
        throw new IllegalStateException("unknown storage version " + alias.storage());
      }
      storage = target;
      conversion = alias.conversion();
    }
    GroupVersionResource at = storage.gvr();
    KindRules kindRules = rules.rules(at.group(), at.resource());
    GroupResource stored = new GroupResource(at.group(), at.resource());
    ObjectIndexer indexer =
        indexers.computeIfAbsent(stored, r -> new ObjectIndexer(kindRules::selectableFields));
    return new ServedResource(
        info, storage, kindRules, conversion, feed, indexer, () -> equivalents(stored));
  }
}
