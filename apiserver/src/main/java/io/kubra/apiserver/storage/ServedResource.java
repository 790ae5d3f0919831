package io.kubra.apiserver.storage;

import io.kubra.api.apply.FieldVersions;
import io.kubra.api.meta.GroupResource;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.api.schema.Schema;
import io.kubra.api.schema.SubresourceInfo;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.ServedForm;
import io.kubra.apiserver.cache.ObjectIndexer;
import io.kubra.apiserver.cache.ResourceCache;
import io.kubra.apiserver.cache.StoreFeed;
import io.kubra.apiserver.cache.StoredObject;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.StoredForm;
import io.kubra.apiserver.rules.VersionConversion;
import io.kubra.apiserver.table.TablePrinter;
import io.kubra.apiserver.table.printer.TablePrinters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One version of a resource as it is served, and where its objects are stored. The cache is filled
 * on first use.
 */
public final class ServedResource {
  private final ResourceInfo info;
  private final ResourceInfo storage;
  private final KindRules rules;
  private final @Nullable VersionConversion conversion;
  private final @Nullable StoredForm form;
  private final StoreFeed feed;
  private final ObjectIndexer indexer;
  private final String prefix;
  private final boolean hasStatus;
  private final Supplier<List<ServedResource>> equivalents;

  ServedResource(
      ResourceInfo info,
      ResourceInfo storage,
      KindRules rules,
      @Nullable VersionConversion conversion,
      StoreFeed feed,
      ObjectIndexer indexer,
      Supplier<List<ServedResource>> equivalents) {
    this.equivalents = equivalents;
    this.info = info;
    this.storage = storage;
    this.rules = rules;
    this.conversion = conversion;
    this.form = null;
    this.feed = feed;
    this.indexer = indexer;
    this.prefix = Keys.prefix(storage.gvr());
    this.hasStatus = subresource("status") != null;
  }

  /** A custom resource, whose objects are worked on in the version that is served. */
  ServedResource(
      ResourceInfo info,
      KindRules rules,
      StoredForm form,
      StoreFeed feed,
      ObjectIndexer indexer,
      Supplier<List<ServedResource>> equivalents) {
    this.equivalents = equivalents;
    this.info = info;
    this.storage = info;
    this.rules = rules;
    this.conversion = null;
    this.form = form;
    this.feed = feed;
    this.indexer = indexer;
    this.prefix = Keys.prefix(info.gvr());
    this.hasStatus = subresource("status") != null;
  }

  /** Whether this is a custom resource. */
  public boolean custom() {
    return form != null;
  }

  /** The resource as it is served. */
  public ResourceInfo info() {
    return info;
  }

  /** The resource as it is stored; the same as {@link #info()} unless versions are converted. */
  public ResourceInfo storage() {
    return storage;
  }

  public KindRules rules() {
    return rules;
  }

  /** The columns for {@code kubectl get}: the kind's own, or else those of the built-in list. */
  public TablePrinter printer() {
    TablePrinter own = rules.printer();
    return own != null ? own : TablePrinters.of(info.gvr().groupResource());
  }

  public String group() {
    return info.gvr().group();
  }

  public String resource() {
    return info.gvr().resource();
  }

  public GroupResource groupResource() {
    return new GroupResource(group(), resource());
  }

  public String kind() {
    return info.kind().kind();
  }

  /** The served apiVersion. */
  public String apiVersion() {
    return Keys.apiVersion(info.gvr().group(), info.gvr().version());
  }

  /** The stored apiVersion. */
  public String storageApiVersion() {
    return Keys.apiVersion(storage.gvr().group(), storage.gvr().version());
  }

  /** Whether stored objects have to be converted before they are served. */
  public boolean converted() {
    return conversion != null || (form != null && !form.verbatim());
  }

  /** Decodes a stored object, as writes work on it; the tree belongs to the caller. */
  public Map<String, Object> decode(StoredObject object) {
    Map<String, Object> tree = object.tree();
    return form == null ? tree : form.read(tree);
  }

  /** A stored object in the version that is served; the tree belongs to the caller. */
  public Map<String, Object> served(StoredObject object) {
    return fromStorage(decode(object));
  }

  /** As {@link #decode} for many. */
  List<Map<String, Object>> decodeAll(List<StoredObject> objects) {
    List<Map<String, Object>> trees = new ArrayList<>(objects.size());
    for (StoredObject object : objects) {
      trees.add(object.tree());
    }
    return form == null ? trees : new ArrayList<>(form.readAll(trees));
  }

  /** As {@link #served} for many. */
  public List<Map<String, Object>> servedAll(List<StoredObject> objects) {
    List<Map<String, Object>> trees = decodeAll(objects);
    trees.replaceAll(this::fromStorage);
    return trees;
  }

  /** Prepares an object that was worked on for the store. */
  StoredObject prepare(String key, Map<String, Object> object) {
    return indexer.prepare(key, form == null ? object : form.write(object));
  }

  public Map<String, Object> toStorage(Map<String, Object> served) {
    return conversion == null ? served : conversion.toStorage(served);
  }

  public Map<String, Object> fromStorage(Map<String, Object> stored) {
    return conversion == null ? stored : conversion.fromStorage(stored);
  }

  /** How admission sees objects of this version. */
  ServedForm admissionForm() {
    return form != null ? ServedForm.same(info) : formOf(this);
  }

  /** All versions in which objects of this resource are served, for admission of a write to it. */
  List<ServedForm> equivalentForms() {
    List<ServedForm> forms = new ArrayList<>();
    for (ServedResource other : equivalents.get()) {
      forms.add(other == this ? admissionForm() : formOf(other));
    }
    return forms;
  }

  /** How objects look in other versions; null where only their apiVersion differs. */
  public @Nullable FieldVersions fieldVersions() {
    if (form == null || form.keepsFields()) {
      return null;
    }
    return new FieldVersions() {
      @Override
      public @Nullable Map<String, Object> convert(Map<String, Object> object, String version) {
        ServedResource other = equivalent(version);
        // with its type, which parts of objects lack
        Map<String, Object> whole = new LinkedHashMap<>(object);
        whole.put("apiVersion", apiVersion());
        whole.put("kind", kind());
        return other == null ? null : formOf(other).toServed().apply(whole);
      }

      @Override
      public @Nullable Schema schema(String version) {
        ServedResource other = equivalent(version);
        return other == null ? null : other.info.schema();
      }
    };
  }

  private @Nullable ServedResource equivalent(String version) {
    for (ServedResource other : equivalents.get()) {
      if (other.apiVersion().equals(version)) {
        return other;
      }
    }
    return null;
  }

  /** Another version, seen from what writes to this one work on. */
  private ServedForm formOf(ServedResource other) {
    StoredForm own = form;
    StoredForm theirs = other.form;
    if (own != null && theirs != null) {
      return new ServedForm(
          other.info,
          tree -> theirs.read(own.write(Trees.deepCopy(tree))),
          tree -> own.read(theirs.write(Trees.deepCopy(tree))));
    }
    return other.conversion == null
        ? ServedForm.same(other.info)
        : new ServedForm(
            other.info,
            tree -> other.fromStorage(Trees.deepCopy(tree)),
            tree -> other.toStorage(Trees.deepCopy(tree)));
  }

  /** Whether status is a subresource, and so not written together with the rest. */
  public boolean hasStatus() {
    return hasStatus;
  }

  /** Describes a subresource, null if there is none of this name. */
  public @Nullable SubresourceInfo subresource(String name) {
    for (SubresourceInfo s : info.subresources()) {
      if (s.name().equals(name)) {
        return s;
      }
    }
    return null;
  }

  public ObjectIndexer indexer() {
    return indexer;
  }

  /** Whether the cache is in use, and so will see what is written now. */
  boolean isCached() {
    return feed.isCached(prefix);
  }

  public ResourceCache cache() {
    return feed.cache(prefix, indexer);
  }

  /** How many objects a list goes through; 0 while that is not known without reading them. */
  public long cachedCount(String namespace) {
    return isCached() ? cache().count(keyPrefix(namespace)) : 0;
  }

  /** The key of an object; the namespace is empty for cluster-scoped resources. */
  public String key(String namespace, String name) {
    return info.namespaced() ? prefix + namespace + "/" + name : prefix + name;
  }

  /** The prefix of the keys of a namespace, or of all objects if it is empty. */
  public String keyPrefix(String namespace) {
    return namespace.isEmpty() || !info.namespaced() ? prefix : prefix + namespace + "/";
  }
}
