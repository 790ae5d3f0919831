package io.kubra.apiserver.rest;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.encoding.BodyReader;
import io.kubra.apiserver.encoding.FieldValidation;
import io.kubra.apiserver.encoding.Negotiation;
import io.kubra.apiserver.encoding.OutputFormat;
import io.kubra.apiserver.encoding.Responder;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.storage.Change;
import io.kubra.apiserver.storage.ObjectWriter;
import io.kubra.apiserver.storage.ServedResource;
import io.kubra.apiserver.storage.UpdateScope;
import io.kubra.apiserver.storage.Write;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** PUT of an object or of one of the subresources that share its kind. */
final class UpdateVerb {
  private final BodyReader bodies;
  private final ObjectWriter writer;
  private final Responder responder;

  UpdateVerb(BodyReader bodies, ObjectWriter writer, Responder responder) {
    this.bodies = bodies;
    this.writer = writer;
    this.responder = responder;
  }

  void handle(RequestContext c, ServedResource r, UpdateScope scope) {
    OutputFormat format = Negotiation.choose(c, r, false);
    Write w = WriteRequest.of(c, "UpdateOptions");
    FieldValidation validation = FieldValidation.of(c.query().get("fieldValidation"));
    Map<String, Object> body = bodies.object(c, r.info().kind(), validation);
    String name = c.info().name();
    checkName(name, body);
    boolean mayCreate = scope == UpdateScope.OBJECT && r.rules().allowCreateOnUpdate();
    ObjectWriter.Updated updated =
        writer.update(r, scope, c.info().namespace(), name, new Replacement(body, mayCreate), w);
    responder.object(c, r, updated.object(), format, updated.created() ? 201 : 200);
  }

  private static void checkName(String name, Map<String, Object> body) {
    String own = Trees.stringOr(body, "", "metadata", "name");
    if (own.isEmpty()) {
      throw ApiException.badRequest("name must be provided");
    }
    if (!own.equals(name)) {
      throw ApiException.badRequest(
          "the name of the object (" + own + ") does not match the name on the URL (" + name + ")");
    }
  }

  private record Replacement(Map<String, Object> body, boolean createsMissing) implements Change {
    @Override
    public Map<String, Object> apply(@Nullable Map<String, Object> current) {
      // a retry must not see what the first attempt filled in
      return Trees.deepCopy(body);
    }
  }
}
