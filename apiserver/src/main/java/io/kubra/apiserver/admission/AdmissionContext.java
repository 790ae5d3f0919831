package io.kubra.apiserver.admission;

import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.api.schema.SubresourceInfo;
import io.kubra.apiserver.audit.AuditAnnotations;
import io.kubra.apiserver.audit.AuditLevel;
import io.kubra.apiserver.auth.UserInfo;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One write on its way through admission. The object is a mutable tree (null for deletes and
 * connects without options), the old object must not be changed (null for creates).
 */
public final class AdmissionContext {
  private final Operation operation;
  private final ResourceInfo resource;
  private final String subresource;
  private final String namespace;
  private final String name;
  private final @Nullable Map<String, Object> object;
  private final @Nullable Map<String, Object> oldObject;
  private final Map<String, Object> options;
  private final UserInfo user;
  private final boolean dryRun;
  private final Consumer<String> warnings;
  private final AuditAnnotations annotations;
  private final ServedForm requested;
  private final Supplier<List<ServedForm>> equivalents;
  private final Consumer<Map<String, Object>> defaults;
  private final Reinvocation reinvocation = new Reinvocation();

  private AdmissionContext(Builder b) {
    operation = b.operation;
    resource = b.resource;
    subresource = b.subresource;
    namespace = b.namespace;
    name = b.name;
    object = b.object;
    oldObject = b.oldObject;
    options = b.options;
    user = b.user;
    dryRun = b.dryRun;
    warnings = b.warnings;
    annotations = b.annotations;
    ServedForm form = b.requested;
    requested = form == null ? ServedForm.same(b.resource) : form;
    equivalents = b.equivalents;
    defaults = b.defaults;
  }

  /** Starts a context; only operation, resource and user are required. */
  public static Builder builder(Operation operation, ResourceInfo resource, UserInfo user) {
    return new Builder(operation, resource, user);
  }

  public Operation operation() {
    return operation;
  }

  /** The resource in the version that the server works with. */
  public ResourceInfo resource() {
    return resource;
  }

  /** The resource in the version that the client used. */
  public ServedForm requested() {
    return requested;
  }

  /** All versions in which the resource is served, that of the request among them. */
  public List<ServedForm> equivalents() {
    return equivalents.get();
  }

  /** The kind of the object in a version of the resource: that of the subresource if it has one. */
  public GroupVersionKind kindIn(ServedForm form) {
    SubresourceInfo sub = subresource.isEmpty() ? null : form.resource().subresource(subresource);
    return sub == null ? form.resource().kind() : sub.kind();
  }

  /** The object in a version; not to be changed. */
  public @Nullable Map<String, Object> objectIn(ServedForm form) {
    return in(form, object);
  }

  /** The stored object in a version; not to be changed. */
  public @Nullable Map<String, Object> oldObjectIn(ServedForm form) {
    return in(form, oldObject);
  }

  private @Nullable Map<String, Object> in(ServedForm form, @Nullable Map<String, Object> tree) {
    return tree == null || ownKind(form) ? tree : form.toServed().apply(tree);
  }

  /** Whether the object is of a kind of the subresource's own, which has no versions. */
  private boolean ownKind(ServedForm form) {
    return !kindIn(form).equals(form.resource().kind());
  }

  /**
   * Puts another object in the place of the object, and fills in its defaults.
   *
   * @param changed belongs to the context from now on
   */
  public void replaceObject(Map<String, Object> changed, ServedForm form) {
    Map<String, Object> into = object;
    if (into == null) {
      throw new IllegalStateException("there is no object to replace");
    }
    boolean own = ownKind(form);
    Map<String, Object> next = own ? changed : form.fromServed().apply(changed);
    into.clear();
    into.putAll(next);
    if (!own) {
      defaults.accept(into);
    }
  }

  /** The second round of the mutating plugins. */
  public Reinvocation reinvocation() {
    return reinvocation;
  }

  /** The subresource, empty for the resource itself. */
  public String subresource() {
    return subresource;
  }

  /**
   * The namespace, empty for cluster-scoped resources; for namespaces, the namespace's own name.
   */
  public String namespace() {
    return namespace;
  }

  /** The name; empty for creates with generateName and for deletecollection. */
  public String name() {
    return name;
  }

  /** The new object, to be changed in place by mutating plugins. */
  public @Nullable Map<String, Object> object() {
    return object;
  }

  /** The stored object; not to be changed. */
  public @Nullable Map<String, Object> oldObject() {
    return oldObject;
  }

  /** CreateOptions, UpdateOptions, DeleteOptions or the connect options, as a tree. */
  public Map<String, Object> options() {
    return options;
  }

  public UserInfo user() {
    return user;
  }

  /** Whether nothing will be stored: plugins must have no side effects then. */
  public boolean dryRun() {
    return dryRun;
  }

  /** Sends a {@code Warning} header with the response. */
  public void warn(String text) {
    warnings.accept(text);
  }

  /**
   * Notes something in the request's audit events; of several values for one key the first stays.
   *
   * @param key with the plugin's domain: {@code pod-security.kubernetes.io/enforce-policy}
   */
  public void annotate(String key, String value) {
    annotations.add(key, value);
  }

  /** Notes something in the audit events that record at least the level, such as a patch. */
  public void annotate(String key, String value, AuditLevel from) {
    annotations.add(key, value, from);
  }

  /** Whether this is about the named resource itself, not one of its subresources. */
  public boolean isFor(String group, String resourceName) {
    return subresource.isEmpty()
        && resource.gvr().resource().equals(resourceName)
        && resource.gvr().group().equals(group);
  }

  /** Assembles a context. */
  public static final class Builder {
    private final Operation operation;
    private final ResourceInfo resource;
    private final UserInfo user;
    private String subresource = "";
    private String namespace = "";
    private String name = "";
    private @Nullable Map<String, Object> object;
    private @Nullable Map<String, Object> oldObject;
    private Map<String, Object> options = Map.of();
    private boolean dryRun;
    private Consumer<String> warnings = w -> {};
    private AuditAnnotations annotations = AuditAnnotations.NONE;
    private @Nullable ServedForm requested;
    private Supplier<List<ServedForm>> equivalents = List::of;
    private Consumer<Map<String, Object>> defaults = o -> {};

    private Builder(Operation operation, ResourceInfo resource, UserInfo user) {
      this.operation = operation;
      this.resource = resource;
      this.user = user;
    }

    public Builder subresource(String value) {
      subresource = value;
      return this;
    }

    public Builder target(String namespace, String name) {
      this.namespace = namespace;
      this.name = name;
      return this;
    }

    public Builder object(@Nullable Map<String, Object> value) {
      object = value;
      return this;
    }

    public Builder oldObject(@Nullable Map<String, Object> value) {
      oldObject = value;
      return this;
    }

    public Builder options(Map<String, Object> value) {
      options = value;
      return this;
    }

    public Builder dryRun(boolean value) {
      dryRun = value;
      return this;
    }

    public Builder warnings(Consumer<String> value) {
      warnings = value;
      return this;
    }

    /** Fills in the defaults of the object, in the version that the server works with. */
    public Builder defaults(Consumer<Map<String, Object>> value) {
      defaults = value;
      return this;
    }

    /** Where notes for the audit log go; nowhere unless set. */
    public Builder annotations(AuditAnnotations value) {
      annotations = value;
      return this;
    }

    /**
     * The version that the client used, and all that are equivalent to it; without them, that of
     * the resource alone.
     */
    public Builder versions(ServedForm requested, Supplier<List<ServedForm>> equivalents) {
      this.requested = requested;
      this.equivalents = equivalents;
      return this;
    }

    public AdmissionContext build() {
      return new AdmissionContext(this);
    }
  }
}
