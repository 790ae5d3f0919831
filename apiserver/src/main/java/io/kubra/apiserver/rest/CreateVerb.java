package io.kubra.apiserver.rest;

import io.kubra.apiserver.cache.StoredObject;
import io.kubra.apiserver.encoding.BodyReader;
import io.kubra.apiserver.encoding.FieldValidation;
import io.kubra.apiserver.encoding.Negotiation;
import io.kubra.apiserver.encoding.OutputFormat;
import io.kubra.apiserver.encoding.Responder;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.storage.ObjectWriter;
import io.kubra.apiserver.storage.ServedResource;
import io.kubra.apiserver.storage.Write;
import java.util.Map;

/** POST to a collection. */
final class CreateVerb {
  private final BodyReader bodies;
  private final ObjectWriter writer;
  private final Responder responder;

  CreateVerb(BodyReader bodies, ObjectWriter writer, Responder responder) {
    this.bodies = bodies;
    this.writer = writer;
    this.responder = responder;
  }

  void handle(RequestContext c, ServedResource r) {
    OutputFormat format = Negotiation.choose(c, r, false);
    Write w = WriteRequest.of(c, "CreateOptions");
    FieldValidation validation = FieldValidation.of(c.query().get("fieldValidation"));
    Map<String, Object> body = bodies.object(c, r.info().kind(), validation);
    StoredObject created = writer.create(r, c.info().namespace(), r.toStorage(body), w);
    responder.object(c, r, created, format, 201);
  }
}
