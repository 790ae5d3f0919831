package io.kubra.apiserver.rest;

import io.kubra.api.apply.FieldManagement;
import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.json.Yaml;
import io.kubra.api.patch.JsonPatch;
import io.kubra.api.patch.MergePatch;
import io.kubra.api.patch.StrategicMergePatch;
import io.kubra.api.status.ApiException;
import io.kubra.api.status.FieldError;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.encoding.BodyReader;
import io.kubra.apiserver.encoding.FieldValidation;
import io.kubra.apiserver.encoding.Negotiation;
import io.kubra.apiserver.encoding.ObjectDecoder;
import io.kubra.apiserver.encoding.OutputFormat;
import io.kubra.apiserver.encoding.Responder;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.storage.Change;
import io.kubra.apiserver.storage.ObjectWriter;
import io.kubra.apiserver.storage.ServedResource;
import io.kubra.apiserver.storage.UpdateScope;
import io.kubra.apiserver.storage.Write;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** PATCH in its four forms. */
final class PatchVerb {
  private static final List<String> ACCEPTED =
      List.of(
          "application/json-patch+json",
          "application/merge-patch+json",
          "application/apply-patch+yaml",
          "application/strategic-merge-patch+json");

  private final ObjectDecoder decoder;
  private final ObjectWriter writer;
  private final Responder responder;
  private final Clock clock;

  PatchVerb(ObjectDecoder decoder, ObjectWriter writer, Responder responder, Clock clock) {
    this.decoder = decoder;
    this.writer = writer;
    this.responder = responder;
    this.clock = clock;
  }

  void handle(RequestContext c, ServedResource r, UpdateScope scope) {
    OutputFormat format = Negotiation.choose(c, r, false);
    PatchBody patch = read(c);
    if (r.custom() && patch instanceof PatchBody.Strategic) {
      // there are no Go types from which to take merge keys
      throw ApiException.unsupportedMediaType(ACCEPTED.subList(0, 3));
    }
    boolean apply = patch instanceof PatchBody.Apply;
    checkOptions(c, apply);
    Write w = WriteRequest.of(c, "PatchOptions");
    FieldValidation validation = FieldValidation.of(c.query().get("fieldValidation"));
    Change change =
        patch instanceof PatchBody.Apply a
            ? applying(c, r, scope, a.object(), validation, w)
            : patching(c, r, patch, validation);
    ObjectWriter.Updated updated =
        writer.update(r, scope, c.info().namespace(), c.info().name(), change, w);
    responder.object(c, r, updated.object(), format, updated.created() ? 201 : 200);
  }

  /** A patch in whichever form. */
  sealed interface PatchBody {
    record JsonOperations(List<Object> operations) implements PatchBody {}

    record Merge(Object patch) implements PatchBody {}

    record Strategic(Map<String, Object> patch) implements PatchBody {}

    record Apply(Map<String, Object> object) implements PatchBody {}
  }

  /**
   * Reads the body of a patch.
   *
   * @throws ApiException 400 if it is malformed, 415 if its type is unknown
   */
  static PatchBody read(RequestContext c) {
    String type = BodyReader.mediaType(c);
    byte[] body = BodyReader.bytes(c);
    try {
      return switch (type) {
        case "application/json-patch+json" -> {
          if (!(Json.parse(body) instanceof List<?> list)) {
            throw new JsonSyntaxException(
                "json: cannot unmarshal object into Go value of type jsonpatch.Patch", 0);
          }
          yield new PatchBody.JsonOperations(List.copyOf(list));
        }
        case "application/merge-patch+json" -> new PatchBody.Merge(Json.parseObject(body));
        case "application/strategic-merge-patch+json" ->
            new PatchBody.Strategic(Json.parseObject(body));
        case "application/apply-patch+yaml" -> new PatchBody.Apply(yamlObject(body));
        default -> throw ApiException.unsupportedMediaType(ACCEPTED);
      };
    } catch (JsonSyntaxException e) {
      throw ApiException.badRequest("error decoding patch: " + e.message());
    }
  }

  /** Applies any patch but an apply to a tree. */
  static Map<String, Object> patched(
      PatchBody patch, Map<String, Object> current, io.kubra.api.schema.Schema schema) {
    Object result =
        switch (patch) {
          case PatchBody.JsonOperations(List<Object> operations) ->
              JsonPatch.apply(current, operations);
          case PatchBody.Merge(Object merge) -> MergePatch.apply(current, merge);
          case PatchBody.Strategic(Map<String, Object> strategic) ->
              StrategicMergePatch.apply(current, strategic, schema);
          case PatchBody.Apply ignored ->
              throw ApiException.badRequest("apply is not possible here");
        };
    if (result instanceof Map<?, ?>) {
      @SuppressWarnings("unchecked")
      Map<String, Object> object = (Map<String, Object>) result;
      return object;
    }
    throw ApiException.badRequest("the patch turns the object into something else");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> yamlObject(byte[] body) {
    if (Yaml.parse(body) instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw ApiException.badRequest("error decoding YAML: the patch is no object");
  }

  private static void checkOptions(RequestContext c, boolean apply) {
    if (apply && c.query().get("fieldManager").isEmpty()) {
      throw ApiException.invalid(
          "meta.k8s.io",
          "PatchOptions",
          "",
          List.of(FieldError.required("fieldManager", "is required for apply patch")));
    }
    if (!apply && c.query().has("force")) {
      throw ApiException.invalid(
          "meta.k8s.io",
          "PatchOptions",
          "",
          List.of(FieldError.forbidden("force", "may not be specified for non-apply patch")));
    }
  }

  private Change patching(
      RequestContext c, ServedResource r, PatchBody patch, FieldValidation validation) {
    return new Change() {
      @Override
      public Map<String, Object> apply(@Nullable Map<String, Object> current) {
        if (current == null) {
          throw ApiException.notFound(r.group(), r.resource(), c.info().name());
        }
        Map<String, Object> next = patched(patch, current, r.info().schema());
        return decoder.decode(next, r.info().kind(), validation, List.of(), c::warn);
      }

      @Override
      public boolean retries() {
        return true;
      }
    };
  }

  private Change applying(
      RequestContext c,
      ServedResource r,
      UpdateScope scope,
      Map<String, Object> body,
      FieldValidation validation,
      Write w) {
    Map<String, Object> applied =
        decoder.decode(body, r.info().kind(), validation, List.of(), c::warn);
    checkApplied(c, r, applied);
    String subresource = scope.subresource();
    return new Change() {
      @Override
      public Map<String, Object> apply(@Nullable Map<String, Object> current) {
        return FieldManagement.apply(
            r.info().schema(),
            current,
            Trees.deepCopy(applied),
            w.fieldManager(),
            c.query().flag("force"),
            r.apiVersion(),
            subresource.isEmpty() ? null : subresource,
            clock.instant(),
            scope == UpdateScope.OBJECT && r.hasStatus() ? Set.of(List.of("status")) : Set.of(),
            r.fieldVersions());
      }

      @Override
      public boolean createsMissing() {
        return scope == UpdateScope.OBJECT;
      }

      @Override
      public boolean retries() {
        return true;
      }

      @Override
      public boolean managesFields() {
        return true;
      }
    };
  }

  private static void checkApplied(
      RequestContext c, ServedResource r, Map<String, Object> applied) {
    Map<String, Object> metadata = Trees.ensureMap(applied, "metadata");
    if (metadata.get("managedFields") != null) {
      throw ApiException.badRequest("metadata.managedFields must be nil");
    }
    String name = Trees.stringOr(metadata, "", "name");
    if (name.isEmpty()) {
      metadata.put("name", c.info().name());
    } else if (!name.equals(c.info().name())) {
      throw ApiException.badRequest(
          "the name of the object ("
              + name
              + ") does not match the name on the URL ("
              + c.info().name()
              + ")");
    }
    String namespace = Trees.stringOr(metadata, "", "namespace");
    if (r.info().namespaced() && namespace.isEmpty()) {
      metadata.put("namespace", c.info().namespace());
    }
  }
}
