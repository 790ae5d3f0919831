package io.kubra.apiserver.rest;

import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.status.ApiException;
import io.kubra.api.status.FieldError;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.cache.StoredObject;
import io.kubra.apiserver.encoding.BodyReader;
import io.kubra.apiserver.encoding.ListPage;
import io.kubra.apiserver.encoding.Negotiation;
import io.kubra.apiserver.encoding.OutputFormat;
import io.kubra.apiserver.encoding.Responder;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.storage.DeleteOptions;
import io.kubra.apiserver.storage.DeleteOptions.Propagation;
import io.kubra.apiserver.storage.ObjectWriter;
import io.kubra.apiserver.storage.ServedResource;
import io.kubra.apiserver.storage.Write;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** DELETE of one object or of a collection. */
final class DeleteVerb {
  private static final GroupVersionKind OPTIONS = new GroupVersionKind("", "v1", "DeleteOptions");

  /** Resources whose deletion is answered with the object, not with a Status. */
  private static final Set<String> RETURNED =
      Set.of(
          "pods",
          "services",
          "serviceaccounts",
          "persistentvolumes",
          "persistentvolumeclaims",
          "podtemplates",
          "resourcequotas");

  private final BodyReader bodies;
  private final ObjectWriter writer;
  private final ListVerb lists;
  private final Responder responder;

  DeleteVerb(BodyReader bodies, ObjectWriter writer, ListVerb lists, Responder responder) {
    this.bodies = bodies;
    this.writer = writer;
    this.lists = lists;
    this.responder = responder;
  }

  void one(RequestContext c, ServedResource r) {
    OutputFormat format = Negotiation.choose(c, r, false);
    Map<String, Object> tree = options(c);
    DeleteOptions options = DeleteOptions.of(tree);
    Write w = write(c, tree);
    String name = c.info().name();
    ObjectWriter.Deleted deleted = writer.delete(r, c.info().namespace(), name, options, w);
    if (!deleted.gone() || returnsObject(r)) {
      boolean accepted = !deleted.gone() && options.propagation() == Propagation.FOREGROUND;
      responder.object(c, r, deleted.object(), format, accepted ? 202 : 200);
      return;
    }
    responder.tree(c, success(r, deleted.object()), format, 200);
  }

  void collection(RequestContext c, ServedResource r) {
    OutputFormat format = Negotiation.choose(c, r, false);
    ListOptions listOptions = ListOptions.of(c.query(), false);
    Map<String, Object> tree = options(c);
    DeleteOptions options = DeleteOptions.of(tree);
    Write w = write(c, tree);
    Selection selection = Selection.of(r, c.info().namespace(), listOptions);
    ListPage page = lists.page(r, selection, listOptions);
    List<StoredObject> deleted = new ArrayList<>();
    for (StoredObject o : page.items()) {
      try {
        deleted.add(writer.delete(r, o.namespace(), o.name(), options, w).object());
      } catch (ApiException e) {
        if (e.code() != 404) {
          throw e;
        }
        // someone else was faster
      }
    }
    responder.list(
        c,
        r,
        new ListPage(deleted, page.revision(), page.continueToken(), page.remaining()),
        format);
  }

  /** The options of the body, or those of the query if there is no body. */
  private Map<String, Object> options(RequestContext c) {
    Map<String, Object> body = bodies.optional(c, OPTIONS);
    Map<String, Object> tree = body == null ? fromQuery(c) : body;
    List<FieldError> errors = new ArrayList<>();
    String propagation = Trees.string(tree, "propagationPolicy");
    if (propagation != null && Propagation.of(propagation) == null) {
      errors.add(
          FieldError.notSupported(
              "propagationPolicy",
              propagation,
              List.of("Background", "Foreground", "Orphan", "nil")));
    }
    if (propagation != null && tree.get("orphanDependents") != null) {
      errors.add(
          FieldError.invalid(
              "propagationPolicy",
              propagation,
              "orphanDependents and deletionPropagation cannot be both set"));
    }
    if (!errors.isEmpty()) {
      throw ApiException.invalid("", "DeleteOptions", "", errors);
    }
    return tree;
  }

  private static Map<String, Object> fromQuery(RequestContext c) {
    Map<String, Object> tree = new LinkedHashMap<>();
    if (c.query().has("gracePeriodSeconds")) {
      tree.put("gracePeriodSeconds", c.query().number("gracePeriodSeconds", 0));
    }
    if (c.query().has("propagationPolicy")) {
      tree.put("propagationPolicy", c.query().get("propagationPolicy"));
    }
    if (c.query().has("orphanDependents")) {
      tree.put("orphanDependents", c.query().flag("orphanDependents"));
    }
    return tree;
  }

  private static Write write(RequestContext c, Map<String, Object> options) {
    Write w = WriteRequest.of(c, "DeleteOptions");
    options.put("kind", "DeleteOptions");
    options.put("apiVersion", "meta.k8s.io/v1");
    boolean dryRun = w.dryRun() || !Trees.list(options, "dryRun").isEmpty();
    return w.withOptions(options, dryRun);
  }

  private static boolean returnsObject(ServedResource r) {
    return (r.group().isEmpty() && RETURNED.contains(r.resource()))
        || r.group().equals("storage.k8s.io");
  }

  private static Map<String, Object> success(ServedResource r, StoredObject object) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("name", object.name());
    if (!r.group().isEmpty()) {
      details.put("group", r.group());
    }
    details.put("kind", r.resource());
    details.put("uid", Trees.stringOr(object.tree(), "", "metadata", "uid"));
    return Statuses.success(200, details);
  }
}
