package io.kubra.apiserver.storage;

import io.kubra.api.apply.FieldManagement;
import io.kubra.api.meta.GroupResource;
import io.kubra.api.status.ApiException;
import io.kubra.api.status.FieldError;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.Operation;
import io.kubra.apiserver.cache.StoredObject;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.apiserver.rules.RuleContext;
import io.kubra.store.Entry;
import io.kubra.store.RevisionMismatchException;
import io.kubra.store.Store;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Creates, updates and deletes objects of any kind: metadata, defaults, admission, field ownership,
 * rules, validation, and the optimistic write. Trees handed in belong to the writer. Every failure
 * is an {@link ApiException}.
 */
public final class ObjectWriter {
  private static final int ATTEMPTS = 5;
  private static final int NAME_ATTEMPTS = 8;
  private static final Set<List<String>> STATUS = Set.of(List.of("status"));
  private static final Set<List<String>> SPEC = Set.of(List.of("spec"));

  private final Store store;
  private final AdmissionChain admission;
  private final ObjectReader reader;
  private final GatedFields gated;
  private final Clock clock;
  private final Map<GroupResource, StorageHook> hooks = new HashMap<>();

  /** The outcome of an update. */
  public record Updated(StoredObject object, boolean created) {}

  /** The outcome of a delete: the last state, and whether it has gone or is only marked. */
  public record Deleted(StoredObject object, boolean gone) {}

  /**
   * A writer of all resources.
   *
   * @param gated what is dropped from objects because its feature is off
   */
  public ObjectWriter(
      Store store, AdmissionChain admission, ObjectReader reader, GatedFields gated, Clock clock) {
    this.gated = gated;
    this.store = store;
    this.admission = admission;
    this.reader = reader;
    this.clock = clock;
  }

  /** Adds a hook for the writes of one resource; before the first write. */
  public void hook(GroupResource resource, StorageHook hook) {
    hooks.put(resource, hook);
  }

  /** Creates an object from a tree in the storage version. */
  public StoredObject create(
      ServedResource r, String namespace, Map<String, Object> object, Write w) {
    return create(r, namespace, object, w, false);
  }

  private StoredObject create(
      ServedResource r,
      String namespace,
      Map<String, Object> object,
      Write w,
      boolean fieldsManaged) {
    Instant now = clock.instant();
    Metadata.initialise(r, namespace, object, now);
    gated.dropFrom(r.groupResource(), object, null);
    r.rules().applyDefaults(object);
    String requestedName = Metadata.name(object);
    // the client owns what it sent, not what admission makes of it
    if (!fieldsManaged) {
      FieldManagement.recordUpdate(
          r.storage().schema(),
          null,
          object,
          w.fieldManager(),
          r.storageApiVersion(),
          null,
          now,
          r.hasStatus() ? STATUS : Set.of(),
          r.fieldVersions());
    }
    AdmissionContext admitted =
        admission(Operation.CREATE, r, "", namespace, requestedName, object, null, w);
    if (w.admit()) {
      Map<String, Object> system = new HashMap<>(Trees.ensureMap(object, "metadata"));
      mutate(admitted, object, w);
      Metadata.keep(Trees.ensureMap(object, "metadata"), system);
      // the object is stored where the request says, whatever admission made of it
      Metadata.matchNamespace(r, namespace, Trees.ensureMap(object, "metadata"));
      r.rules().applyDefaults(object);
    }
    if (r.hasStatus() && !r.rules().keepsStatusOnCreate()) {
      object.remove("status");
    }
    if (r.rules().generationTracked()) {
      Trees.set(object, 1L, "metadata", "generation");
    }
    r.rules().prepareForCreate(new RuleContext(w.user(), w.dryRun(), "", now, reader), object);
    if (!Metadata.name(object).isEmpty()) {
      return insert(r, namespace, object, admitted, w);
    }
    return insertGenerated(r, namespace, object, admitted, w);
  }

  /** Lets admission change an object, but not break the record of who owns its fields. */
  private void mutate(AdmissionContext admitted, Map<String, Object> object, Write w) {
    Object before = Trees.get(object, "metadata", "managedFields");
    admission.mutate(admitted);
    Object after = Trees.get(object, "metadata", "managedFields");
    if (after == before || Trees.equal(after, before)) {
      return;
    }
    String problem = FieldManagement.problem(after);
    if (problem != null) {
      Trees.set(object, before, "metadata", "managedFields");
      w.warnings()
          .accept(
              ".metadata.managedFields was in an invalid state after admission; this could be"
                  + " caused by an outdated mutating admission controller; please fix your"
                  + " requests: "
                  + problem);
    }
  }

  private StoredObject insertGenerated(
      ServedResource r,
      String namespace,
      Map<String, Object> object,
      AdmissionContext admitted,
      Write w) {
    String base = Trees.stringOr(object, "", "metadata", "generateName");
    for (int attempt = 1; ; attempt++) {
      if (!base.isEmpty()) {
        Trees.set(object, NameGenerator.generate(base), "metadata", "name");
      }
      try {
        return insert(r, namespace, object, admitted, w);
      } catch (ApiException e) {
        if (base.isEmpty() || attempt == NAME_ATTEMPTS || !e.is("AlreadyExists")) {
          throw e;
        }
      }
    }
  }

  private StoredObject insert(
      ServedResource r,
      String namespace,
      Map<String, Object> object,
      AdmissionContext admitted,
      Write w) {
    StorageHook.Reservation reservation = reserve(r, null, object, w);
    boolean stored = false;
    try {
      List<FieldError> errors = new ArrayList<>(MetadataChecks.onCreate(r, object));
      errors.addAll(r.rules().validate(object));
      refuseIfInvalid(r, Metadata.name(object), errors);
      r.rules().warnings(object).forEach(w.warnings());
      if (w.admit()) {
        admission.validate(admitted);
      }
      String name = Metadata.name(object);
      StoredObject prepared = r.prepare(r.key(namespace, name), object);
      if (w.dryRun()) {
        if (store.get(prepared.key()) != null) {
          throw ApiException.alreadyExists(r.group(), r.resource(), name);
        }
        return prepared;
      }
      try {
        StoredObject written = put(r, prepared, 0);
        stored = true;
        return written;
      } catch (RevisionMismatchException e) {
        throw ApiException.alreadyExists(r.group(), r.resource(), name);
      }
    } finally {
      reservation.end(stored);
    }
  }

  /** Updates an object, or creates it if the change wants that. */
  public Updated update(
      ServedResource r, UpdateScope scope, String namespace, String name, Change change, Write w) {
    String key = r.key(namespace, name);
    for (int attempt = 1; ; attempt++) {
      Entry entry = store.get(key);
      if (entry == null) {
        if (!change.createsMissing()) {
          throw ApiException.notFound(r.group(), r.resource(), name);
        }
        try {
          Map<String, Object> wanted = r.toStorage(change.apply(null));
          return new Updated(createNamed(r, namespace, name, wanted, change, w), true);
        } catch (ApiException e) {
          if (attempt == ATTEMPTS || !e.is("AlreadyExists")) {
            throw e;
          }
          continue;
        }
      }
      StoredObject existing = StoredObject.of(entry, namespace, name);
      Map<String, Object> old = r.decode(existing);
      Map<String, Object> next = r.toStorage(change.apply(r.fromStorage(Trees.deepCopy(old))));
      boolean conditional = checkVersion(r, name, next, existing, change);
      try {
        return new Updated(
            replace(r, scope, namespace, name, existing, old, next, change, w), false);
      } catch (RevisionMismatchException e) {
        // an update that names no version wins in the end; a patch gives up after some attempts
        boolean again = change.retries() ? attempt < ATTEMPTS : !conditional;
        if (!again) {
          throw conflict(r, name);
        }
      }
    }
  }

  private StoredObject createNamed(
      ServedResource r,
      String namespace,
      String name,
      Map<String, Object> wanted,
      Change change,
      Write w) {
    if (!Trees.stringOr(wanted, "", "metadata", "resourceVersion").isEmpty()
        || (!change.managesFields() && !Trees.stringOr(wanted, "", "metadata", "uid").isEmpty())) {
      // whoever knows a version or uid means an object that existed
      throw ApiException.notFound(r.group(), r.resource(), name);
    }
    return create(r, namespace, wanted, w, change.managesFields());
  }

  private StoredObject replace(
      ServedResource r,
      UpdateScope scope,
      String namespace,
      String name,
      StoredObject existing,
      Map<String, Object> old,
      Map<String, Object> wanted,
      Change change,
      Write w) {
    Instant now = clock.instant();
    Metadata.carryOver(r, namespace, wanted, old);
    Map<String, Object> next = scope.limit(wanted, old, r.hasStatus());
    gated.dropFrom(r.groupResource(), next, old);
    r.rules().applyDefaults(next);
    String subresource = scope.subresource();
    if (!change.managesFields()) {
      FieldManagement.recordUpdate(
          r.storage().schema(),
          old,
          next,
          w.fieldManager(),
          r.storageApiVersion(),
          subresource.isEmpty() ? null : subresource,
          now,
          resetFields(r, scope),
          r.fieldVersions());
    }
    SubresourceView view = change.view();
    Map<String, Object> shown = view == null ? next : view.show(next);
    Map<String, Object> shownOld = view == null ? old : view.show(old);
    AdmissionContext admitted =
        admission(Operation.UPDATE, r, scope.subresource(), namespace, name, shown, shownOld, w);
    if (w.admit()) {
      mutate(admitted, next, w);
      if (view != null) {
        view.take(next, shown);
      }
      r.rules().applyDefaults(next);
    }
    RuleContext context = new RuleContext(w.user(), w.dryRun(), subresource, now, reader);
    switch (scope) {
      case OBJECT, SCALE -> r.rules().prepareForUpdate(context, next, old);
      case STATUS, APPROVAL -> r.rules().prepareForStatusUpdate(context, next, old);
      case FINALIZE, BINDING, EPHEMERAL_CONTAINERS, RESIZE -> {}
    }
    Trees.set(next, Long.toString(existing.revision()), "metadata", "resourceVersion");
    boolean leaves = Deletions.isComplete(r, next);
    StorageHook.Reservation reservation = reserve(r, old, next, w);
    boolean stored = false;
    try {
      if (scope != UpdateScope.BINDING) {
        countGeneration(r, next, old);
      }
      refuseIfInvalid(r, name, errorsOfUpdate(r, scope, next, old));
      r.rules().warnings(next).forEach(w.warnings());
      if (w.admit()) {
        admission.validate(admitted);
      }
      if (!leaves && Trees.equal(next, old)) {
        // what changes nothing is judged, but not written
        return existing;
      }
      StoredObject prepared = r.prepare(existing.key(), next);
      if (w.dryRun()) {
        return prepared.at(existing.revision());
      }
      StoredObject written =
          leaves
              ? remove(r, prepared, existing.revision(), next)
              : put(r, prepared, existing.revision());
      stored = true;
      return written;
    } finally {
      reservation.end(stored);
    }
  }

  private static List<FieldError> errorsOfUpdate(
      ServedResource r, UpdateScope scope, Map<String, Object> next, Map<String, Object> old) {
    List<FieldError> errors = new ArrayList<>(MetadataChecks.onUpdate(r, next, old));
    switch (scope) {
      case OBJECT, SCALE -> errors.addAll(r.rules().validateUpdate(next, old));
      case STATUS, APPROVAL -> errors.addAll(r.rules().validateStatusUpdate(next, old));
      case EPHEMERAL_CONTAINERS, RESIZE -> errors.addAll(r.rules().validate(next));
      case FINALIZE, BINDING -> {}
    }
    return errors;
  }

  /** Admits an object that is posted but not stored: a Binding, an Eviction, a review. */
  public void admitConnected(
      ServedResource r,
      String subresource,
      String namespace,
      String name,
      Map<String, Object> object,
      Write w) {
    if (w.admit()) {
      admit(admission(Operation.CREATE, r, subresource, namespace, name, object, null, w));
    }
  }

  /** Admits a connection, such as that of an exec, with its options. */
  public void admitConnection(
      ServedResource r,
      String subresource,
      String namespace,
      String name,
      Map<String, Object> options,
      Write w) {
    admit(admission(Operation.CONNECT, r, subresource, namespace, name, options, null, w));
  }

  private void admit(AdmissionContext context) {
    admission.mutate(context);
    admission.validate(context);
  }

  /** Marks or removes an object. */
  public Deleted delete(
      ServedResource r, String namespace, String name, DeleteOptions options, Write w) {
    String key = r.key(namespace, name);
    while (true) {
      Entry entry = store.get(key);
      if (entry == null) {
        throw ApiException.notFound(r.group(), r.resource(), name);
      }
      StoredObject existing = StoredObject.of(entry, namespace, name);
      Map<String, Object> old = r.decode(existing);
      checkPreconditions(r, name, old, options);
      if (w.admit()) {
        admit(admission(Operation.DELETE, r, "", namespace, name, null, old, w));
      }
      Map<String, Object> next = Trees.deepCopy(old);
      try {
        switch (Deletions.apply(r, next, options, clock.instant())) {
          case UNCHANGED -> {
            return new Deleted(existing, false);
          }
          case MARKED -> {
            StoredObject prepared = r.prepare(key, next);
            return new Deleted(
                w.dryRun()
                    ? prepared.at(existing.revision())
                    : put(r, prepared, entry.modRevision()),
                false);
          }
          case REMOVE -> {
            return new Deleted(
                w.dryRun() ? existing : remove(r, existing, entry.modRevision(), old), true);
          }
        }
      } catch (RevisionMismatchException e) {
        if (options.resourceVersion() != null) {
          throw conflict(r, name);
        }
      }
    }
  }

  private StoredObject put(ServedResource r, StoredObject prepared, long expected) {
    boolean announced = r.isCached();
    if (announced) {
      r.indexer().announce(prepared);
    }
    boolean done = false;
    try {
      Entry written = store.put(prepared.key(), prepared.json(), expected, r.rules().durability());
      done = true;
      return prepared.at(written.modRevision());
    } finally {
      if (announced && !done) {
        r.indexer().retract(prepared);
      }
    }
  }

  private StoredObject remove(
      ServedResource r, StoredObject last, long expected, Map<String, Object> tree) {
    io.kubra.store.Deleted deleted = store.delete(last.key(), expected, r.rules().durability());
    StorageHook hook = hooks.get(storageResource(r));
    if (hook != null) {
      hook.deleted(tree);
    }
    return last.at(deleted.revision());
  }

  private StorageHook.Reservation reserve(
      ServedResource r, @Nullable Map<String, Object> old, Map<String, Object> next, Write w) {
    StorageHook hook = hooks.get(storageResource(r));
    return hook == null ? StorageHook.Reservation.NONE : hook.beforeWrite(old, next, w.dryRun());
  }

  private static GroupResource storageResource(ServedResource r) {
    return new GroupResource(r.storage().gvr().group(), r.storage().gvr().resource());
  }

  /** Compares versions; returns whether the client named one. */
  private static boolean checkVersion(
      ServedResource r,
      String name,
      Map<String, Object> next,
      StoredObject existing,
      Change change) {
    String uid = Trees.stringOr(next, "", "metadata", "uid");
    String actual = Trees.stringOr(existing.tree(), "", "metadata", "uid");
    if (!uid.isEmpty() && !uid.equals(actual)) {
      throw ApiException.conflict(
          r.group(),
          r.resource(),
          name,
          "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + actual);
    }
    String version = Trees.stringOr(next, "", "metadata", "resourceVersion");
    if (version.isEmpty() || version.equals("0")) {
      if (!r.rules().allowUnconditionalUpdate() && !change.retries()) {
        throw ApiException.invalid(
            r.group(),
            r.kind(),
            name,
            List.of(
                FieldError.invalid(
                    "metadata.resourceVersion", 0L, "must be specified for an update")));
      }
      return false;
    }
    if (!version.equals(Long.toString(existing.revision()))) {
      throw conflict(r, name);
    }
    return true;
  }

  private static void checkPreconditions(
      ServedResource r, String name, Map<String, Object> object, DeleteOptions options) {
    String uid = Trees.stringOr(object, "", "metadata", "uid");
    if (options.uid() != null && !options.uid().equals(uid)) {
      throw ApiException.conflict(
          r.group(),
          r.resource(),
          name,
          "Precondition failed: UID in precondition: "
              + options.uid()
              + ", UID in object meta: "
              + uid);
    }
    String version = Trees.stringOr(object, "", "metadata", "resourceVersion");
    if (options.resourceVersion() != null && !options.resourceVersion().equals(version)) {
      throw ApiException.conflict(
          r.group(),
          r.resource(),
          name,
          "Precondition failed: ResourceVersion in precondition: "
              + options.resourceVersion()
              + ", ResourceVersion in object meta: "
              + version);
    }
  }

  private static ApiException conflict(ServedResource r, String name) {
    return ApiException.conflict(
        r.group(),
        r.resource(),
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  private static void refuseIfInvalid(ServedResource r, String name, List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw ApiException.invalid(r.group(), r.kind(), name, errors);
    }
  }

  private static Set<List<String>> resetFields(ServedResource r, UpdateScope scope) {
    return switch (scope) {
      case OBJECT, SCALE -> r.hasStatus() ? STATUS : Set.of();
      case STATUS -> SPEC;
      case APPROVAL, FINALIZE, BINDING, EPHEMERAL_CONTAINERS, RESIZE -> Set.of();
    };
  }

  /** The generation counts changes of what the user wants, not of metadata or status. */
  private static void countGeneration(
      ServedResource r, Map<String, Object> next, Map<String, Object> old) {
    if (!r.rules().generationTracked()) {
      return;
    }
    boolean changed = false;
    for (Map.Entry<String, Object> e : next.entrySet()) {
      changed |= isWanted(r, e.getKey()) && !equal(e.getValue(), old.get(e.getKey()));
    }
    for (String key : old.keySet()) {
      changed |= isWanted(r, key) && !next.containsKey(key);
    }
    if (changed) {
      Long before = Trees.integer(old, "metadata", "generation");
      Trees.set(next, (before == null ? 0 : before) + 1, "metadata", "generation");
    }
  }

  private static boolean isWanted(ServedResource r, String field) {
    return !field.equals("metadata")
        && (!field.equals("status") || !r.hasStatus())
        && !field.equals("kind")
        && !field.equals("apiVersion");
  }

  private static boolean equal(@Nullable Object a, @Nullable Object b) {
    return a == null || b == null ? Objects.equals(a, b) : Trees.equal(a, b);
  }

  private static AdmissionContext admission(
      Operation operation,
      ServedResource r,
      String subresource,
      String namespace,
      String name,
      @Nullable Map<String, Object> object,
      @Nullable Map<String, Object> old,
      Write w) {
    boolean isNamespace = r.group().isEmpty() && r.resource().equals("namespaces");
    return AdmissionContext.builder(operation, r.storage(), w.user())
        .subresource(subresource)
        .target(isNamespace ? name : namespace, name)
        .object(object)
        .oldObject(old)
        .options(w.options())
        .dryRun(w.dryRun())
        .warnings(w.warnings())
        .annotations(w.annotations())
        .versions(r.admissionForm(), r::equivalentForms)
        .defaults(r.rules()::applyDefaults)
        .build();
  }
}
