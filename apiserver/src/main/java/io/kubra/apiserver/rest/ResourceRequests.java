package io.kubra.apiserver.rest;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersion;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.SubresourceInfo;
import io.kubra.api.status.ApiException;
import io.kubra.apiserver.encoding.BodyReader;
import io.kubra.apiserver.encoding.FieldValidation;
import io.kubra.apiserver.encoding.Negotiation;
import io.kubra.apiserver.encoding.ObjectDecoder;
import io.kubra.apiserver.encoding.OutputFormat;
import io.kubra.apiserver.encoding.Responder;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.apiserver.request.ConnectHandler;
import io.kubra.apiserver.request.CreateHandler;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.request.RequestInfo;
import io.kubra.apiserver.storage.ObjectWriter;
import io.kubra.apiserver.storage.ServedResource;
import io.kubra.apiserver.storage.ServedResources;
import io.kubra.apiserver.storage.UpdateScope;
import io.kubra.store.Store;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** Routes authorised resource requests to their verbs. */
public final class ResourceRequests {
  private static final Map<String, UpdateScope> SCOPES = scopes();

  private final ServedResources resources;
  private final BodyReader bodies;
  private final ObjectWriter writer;
  private final Responder responder;
  private final Objects objects;
  private final ListVerb list;
  private final WatchVerb watch;
  private final CreateVerb create;
  private final UpdateVerb update;
  private final PatchVerb patch;
  private final DeleteVerb delete;
  private final ScaleVerb scale;
  private final BindingVerb binding;
  private final EvictionVerb eviction;
  private final Map<Target, ConnectHandler> connects = new HashMap<>();
  private final Map<Target, CreateHandler> creates = new HashMap<>();

  private record Target(GroupResource resource, String subresource) {}

  public ResourceRequests(
      ServedResources resources,
      Store store,
      ObjectReader reader,
      ObjectWriter writer,
      Responder responder,
      Clock clock) {
    this.resources = resources;
    this.writer = writer;
    this.responder = responder;
    ObjectDecoder decoder = new ObjectDecoder(resources.catalogue());
    this.bodies = new BodyReader(decoder);
    this.objects = new Objects(store);
    this.list = new ListVerb(responder);
    this.watch = new WatchVerb(clock);
    this.create = new CreateVerb(bodies, writer, responder);
    this.update = new UpdateVerb(bodies, writer, responder);
    this.patch = new PatchVerb(decoder, writer, responder, clock);
    this.delete = new DeleteVerb(bodies, writer, list, responder);
    this.scale = new ScaleVerb(bodies, decoder, objects, writer, responder);
    this.binding = new BindingVerb(resources, bodies, writer, responder, clock);
    this.eviction = new EvictionVerb(resources, reader, bodies, objects, writer, responder, clock);
  }

  /** Adds a connection subresource; before the first request. */
  public void connect(GroupResource resource, String subresource, ConnectHandler handler) {
    connects.put(new Target(resource, subresource), handler);
  }

  /** Adds something that answers POSTs without storing; before the first request. */
  public void create(GroupResource resource, String subresource, CreateHandler handler) {
    creates.put(new Target(resource, subresource), handler);
  }

  /** Whether any resource of a group and version is served. */
  public boolean serves(GroupVersion version) {
    return resources.catalogue().hasGroupVersion(version);
  }

  /** Serves a resource request; returns false if there is no such resource. */
  public boolean handle(RequestContext c) throws Exception {
    RequestInfo info = c.info();
    ServedResource r = resources.find(info.group(), info.version(), info.resource());
    if (r == null) {
      return false;
    }
    if (!r.info().namespaced()
        && !info.namespace().isEmpty()
        && !info.resource().equals("namespaces")) {
      return false;
    }
    if (r.info().namespaced()
        && info.namespace().isEmpty()
        && !info.name().isEmpty()
        && info.parts().size() > 1) {
      return false;
    }
    Deprecations.warn(c, r);
    return info.subresource().isEmpty() ? object(c, r) : subresource(c, r);
  }

  private boolean object(RequestContext c, ServedResource r) throws Exception {
    CreateHandler handler = creates.get(new Target(r.groupResource(), ""));
    if (handler != null) {
      requireCreate(c);
      answer(c, r, r.info().kind(), handler);
      return true;
    }
    if (r.group().isEmpty() && r.resource().equals("bindings")) {
      requireCreate(c);
      binding.create(c, "");
      return true;
    }
    if (!r.info().supports("get") && !r.info().supports("list")) {
      // something that is only ever answered, and nobody here answers it
      return false;
    }
    String verb = c.info().verb();
    if (!r.info().verbs().contains(verb)) {
      throw notAllowed();
    }
    boolean named = c.info().parts().size() > 1;
    switch (verb) {
      case "get" -> get(c, r);
      case "list" -> list.handle(c, r);
      case "watch" -> watch.handle(c, r);
      case "create" -> {
        if (named) {
          throw notAllowed();
        }
        create.handle(c, r);
      }
      case "update" -> {
        requireName(named);
        update.handle(c, r, UpdateScope.OBJECT);
      }
      case "patch" -> {
        requireName(named);
        patch.handle(c, r, UpdateScope.OBJECT);
      }
      case "delete" -> delete.one(c, r);
      case "deletecollection" -> delete.collection(c, r);
      default -> throw notAllowed();
    }
    return true;
  }

  private boolean subresource(RequestContext c, ServedResource r) throws Exception {
    String name = c.info().subresource();
    ConnectHandler connect = connects.get(new Target(r.groupResource(), name));
    SubresourceInfo sub = r.subresource(name);
    if (connect != null) {
      if (sub != null && ConnectOptions.are(sub.kind())) {
        writer.admitConnection(
            r,
            name,
            c.info().namespace(),
            c.info().name(),
            ConnectOptions.of(c, sub.kind()),
            WriteRequest.ofConnection(c));
      }
      connect.connect(c);
      return true;
    }
    if (sub == null) {
      return false;
    }
    CreateHandler handler = creates.get(new Target(r.groupResource(), name));
    if (handler != null) {
      requireCreate(c);
      answer(c, r, sub.kind(), handler);
      return true;
    }
    String verb = c.info().verb();
    UpdateScope scope = SCOPES.get(name);
    switch (verb) {
      case "get" -> {
        if (name.equals("scale")) {
          scale.get(c, r);
        } else if (scope != null) {
          get(c, r);
        } else {
          throw notAllowed();
        }
      }
      case "update" -> {
        if (name.equals("scale")) {
          scale.update(c, r);
        } else if (scope != null) {
          update.handle(c, r, scope);
        } else {
          throw notAllowed();
        }
      }
      case "patch" -> {
        if (name.equals("scale")) {
          scale.patch(c, r);
        } else if (scope != null) {
          patch.handle(c, r, scope);
        } else {
          throw notAllowed();
        }
      }
      case "create" -> {
        switch (name) {
          case "binding" -> binding.create(c, c.info().name());
          case "eviction" -> eviction.create(c, r);
          default -> throw notAllowed();
        }
      }
      default -> throw notAllowed();
    }
    return true;
  }

  private void get(RequestContext c, ServedResource r) {
    OutputFormat format = Negotiation.choose(c, r, false);
    String wanted = c.query().get("resourceVersion");
    if (!wanted.isEmpty() && !wanted.equals("0")) {
      r.cache().notOlderThan(ListOptions.parseRevision(wanted));
    }
    responder.object(c, r, objects.existing(r, c.info().namespace(), c.info().name()), format, 200);
  }

  private void answer(
      RequestContext c, ServedResource r, GroupVersionKind kind, CreateHandler handler)
      throws Exception {
    OutputFormat format = Negotiation.choose(c.exchange().headers(), c.query(), false);
    FieldValidation validation = FieldValidation.of(c.query().get("fieldValidation"));
    Map<String, Object> body = bodies.object(c, kind, validation);
    writer.admitConnected(
        r,
        c.info().subresource(),
        c.info().namespace(),
        c.info().name(),
        body,
        WriteRequest.of(c, "CreateOptions"));
    responder.tree(c, handler.create(c, body), format, 201);
  }

  private static void requireCreate(RequestContext c) {
    if (!c.info().verb().equals("create")) {
      throw notAllowed();
    }
  }

  private static void requireName(boolean named) {
    if (!named) {
      throw notAllowed();
    }
  }

  private static ApiException notAllowed() {
    return ApiException.generic(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  }

  private static Map<String, UpdateScope> scopes() {
    Map<String, UpdateScope> scopes = new HashMap<>();
    for (UpdateScope s : UpdateScope.values()) {
      if (!s.subresource().isEmpty()) {
        scopes.put(s.subresource(), s);
      }
    }
    return Map.copyOf(scopes);
  }
}
