package io.kubra.apiserver.openapi;

import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.api.schema.Schema;
import io.kubra.api.schema.SubresourceInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Writes the paths of a group version with their operations. */
final class PathWriter {
  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
  private static final List<String> PRODUCED =
      List.of(
          "application/json",
          "application/yaml",
          "application/vnd.kubernetes.protobuf",
          "application/cbor");
  private static final List<String> PATCHES =
      List.of(
          "application/json-patch+json",
          "application/merge-patch+json",
          "application/strategic-merge-patch+json",
          "application/apply-patch+yaml",
          "application/apply-patch+cbor");
  private static final List<String> CUSTOM_PATCHES =
      List.of(
          "application/json-patch+json",
          "application/merge-patch+json",
          "application/apply-patch+yaml");
  private static final Set<String> CONNECTIONS = Set.of("attach", "exec", "portforward", "proxy");

  private final Catalogue catalogue;
  private final Dialect dialect;
  private final Map<String, Object> paths = new TreeMap<>();
  private final Set<String> types = new TreeSet<>();

  PathWriter(Catalogue catalogue, Dialect dialect) {
    this.catalogue = catalogue;
    this.dialect = dialect;
  }

  /** All paths so far, in alphabetical order. */
  Map<String, Object> paths() {
    return paths;
  }

  /** The types that the operations mention. */
  Set<String> types() {
    return types;
  }

  /** Adds the discovery document of a group version. */
  void discovery(String root, String group, String version) {
    Map<String, Object> operation = operation("get", "getAPIResources", group, version, null, null);
    respond(operation, mention(META + "APIResourceList"), PRODUCED, "200");
    operation.put("description", "get available resources");
    paths.put(root + "/", Dialect.tree("get", operation));
  }

  /** Adds a resource. */
  void resource(String root, ResourceInfo info) {
    String collection =
        root + (info.namespaced() ? "/namespaces/{namespace}/" : "/") + info.gvr().resource();
    Map<String, Object> whole = pathItem(info.namespaced(), false);
    if (info.supports("list")) {
      whole.put("get", list(info, info.namespaced() ? "Namespaced" : ""));
    }
    if (info.supports("create")) {
      whole.put("post", create(info, info.kind(), ""));
    }
    if (info.supports("deletecollection")) {
      whole.put("delete", deleteCollection(info));
    }
    add(collection, whole);
    if (info.namespaced() && info.supports("list")) {
      Map<String, Object> all = pathItem(false, false);
      all.put("get", list(info, "ForAllNamespaces"));
      add(root + "/" + info.gvr().resource(), all);
    }
    Map<String, Object> one = pathItem(info.namespaced(), true);
    if (info.supports("get")) {
      one.put("get", read(info, info.kind(), ""));
    }
    if (info.supports("update")) {
      one.put("put", replace(info, info.kind(), ""));
    }
    if (info.supports("patch")) {
      one.put("patch", patch(info, info.kind(), ""));
    }
    if (info.supports("delete")) {
      one.put("delete", delete(info));
    }
    add(collection + "/{name}", one);
    for (SubresourceInfo subresource : info.subresources()) {
      subresource(collection + "/{name}/" + subresource.name(), info, subresource);
    }
  }

  private void add(String path, Map<String, Object> item) {
    if (item.size() > 1) {
      paths.put(path, item);
    }
  }

  private void subresource(String path, ResourceInfo info, SubresourceInfo subresource) {
    Map<String, Object> item = pathItem(info.namespaced(), true);
    GroupVersionKind kind = subresource.kind();
    String suffix = capital(subresource.name());
    if (CONNECTIONS.contains(subresource.name())) {
      connect(item, info, subresource, suffix);
      add(path, item);
      if (subresource.name().equals("proxy")) {
        Map<String, Object> below = pathItem(info.namespaced(), true);
        parametersOf(below).add(dialect.parameter(Parameter.PATH));
        connect(below, info, subresource, suffix + "WithPath");
        add(path + "/{path}", below);
      }
      return;
    }
    if (subresource.name().equals("log")) {
      Map<String, Object> log = operation("get", "read", info, suffix, kind);
      log.put("description", "read log of the specified " + info.kind().kind());
      log.put(
          "parameters",
          dialect.parameters(
              List.of(
                  Parameter.query(
                      "container",
                      "string",
                      "The container; may be left out if there is only one."),
                  Parameter.query(
                      "follow", "boolean", "Whether to keep sending what is logged from now on."),
                  Parameter.query(
                      "insecureSkipTLSVerifyBackend",
                      "boolean",
                      "Whether to trust any certificate of the node."),
                  Parameter.query("limitBytes", "integer", "How much to send at most."),
                  Parameter.query(
                      "previous", "boolean", "Whether to send the log of the previous instance."),
                  Parameter.query("sinceSeconds", "integer", "How old lines may be."),
                  Parameter.query(
                      "stream", "string", "Which stream to send: All, Stdout or Stderr."),
                  Parameter.query("tailLines", "integer", "How many lines from the end to send."),
                  Parameter.query(
                      "timestamps", "boolean", "Whether to begin each line with its time."))));
      respond(log, null, List.of("text/plain", "application/json"), "200");
      item.put("get", log);
      add(path, item);
      return;
    }
    for (String verb : subresource.verbs()) {
      switch (verb) {
        case "get" -> item.put("get", read(info, kind, suffix));
        case "update" -> item.put("put", replace(info, kind, suffix));
        case "patch" -> item.put("patch", patch(info, kind, suffix));
        case "create" -> item.put("post", create(info, kind, suffix));
        default -> {}
      }
    }
    add(path, item);
  }

  private void connect(
      Map<String, Object> item, ResourceInfo info, SubresourceInfo subresource, String suffix) {
    for (String verb : subresource.verbs()) {
      String method =
          switch (verb) {
            case "create" -> "post";
            case "update" -> "put";
            default -> verb;
          };
      Map<String, Object> operation =
          operation("connect", "connect" + capital(method), info, suffix, subresource.kind());
      operation.put(
          "description",
          "connect "
              + method.toUpperCase(Locale.ROOT)
              + " requests to "
              + subresource.name()
              + " of "
              + info.kind().kind());
      respond(operation, null, List.of("*/*"), "200");
      item.put(method, operation);
    }
  }

  private Map<String, Object> list(ResourceInfo info, String scope) {
    Map<String, Object> operation =
        scope.equals("ForAllNamespaces")
            ? operation(
                "list",
                id("list", info, "", info.kind().kind()) + scope,
                info.gvr().group(),
                info.gvr().version(),
                info.kind(),
                null)
            : operation("list", "list", info, "", info.kind());
    operation.put("description", "list or watch objects of kind " + info.kind().kind());
    operation.put("parameters", dialect.parameters(Parameter.LIST));
    List<String> mediaTypes = new ArrayList<>(PRODUCED);
    mediaTypes.addAll(
        List.of(
            "application/json;stream=watch",
            "application/vnd.kubernetes.protobuf;stream=watch",
            "application/cbor-seq"));
    respond(operation, typeOf(info.listKind()), mediaTypes, "200");
    return operation;
  }

  private Map<String, Object> read(ResourceInfo info, GroupVersionKind kind, String suffix) {
    Map<String, Object> operation = operation("get", "read", info, suffix, kind);
    operation.put("description", "read " + what(info, suffix));
    respond(operation, typeOf(kind), PRODUCED, "200");
    return operation;
  }

  private Map<String, Object> create(ResourceInfo info, GroupVersionKind kind, String suffix) {
    Map<String, Object> operation = operation("post", "create", info, suffix, kind);
    operation.put("description", "create " + what(info, suffix));
    bodied(operation, Parameter.WRITE, typeOf(kind), List.of("*/*"), true);
    respond(operation, typeOf(kind), PRODUCED, "200", "201", "202");
    return operation;
  }

  private Map<String, Object> replace(ResourceInfo info, GroupVersionKind kind, String suffix) {
    Map<String, Object> operation = operation("put", "replace", info, suffix, kind);
    operation.put("description", "replace " + what(info, suffix));
    bodied(operation, Parameter.WRITE, typeOf(kind), List.of("*/*"), true);
    respond(operation, typeOf(kind), PRODUCED, "200", "201");
    return operation;
  }

  private Map<String, Object> patch(ResourceInfo info, GroupVersionKind kind, String suffix) {
    Map<String, Object> operation = operation("patch", "patch", info, suffix, kind);
    operation.put("description", "partially update " + what(info, suffix));
    // kubectl takes from here which kind of patch to send
    boolean custom = catalogue.addedKind(info.kind()) != null;
    bodied(
        operation,
        Parameter.PATCH,
        mention(META + "Patch"),
        custom ? CUSTOM_PATCHES : PATCHES,
        true);
    respond(operation, typeOf(kind), PRODUCED, "200", "201");
    return operation;
  }

  private Map<String, Object> delete(ResourceInfo info) {
    Map<String, Object> operation = operation("delete", "delete", info, "", info.kind());
    operation.put("description", "delete a " + info.kind().kind());
    bodied(operation, Parameter.DELETE, mention(META + "DeleteOptions"), List.of("*/*"), false);
    respond(operation, mention(META + "Status"), PRODUCED, "200", "202");
    return operation;
  }

  private Map<String, Object> deleteCollection(ResourceInfo info) {
    Map<String, Object> operation =
        operation("deletecollection", "deleteCollection", info, "", info.kind());
    operation.put("description", "delete collection of " + info.kind().kind());
    List<Parameter> parameters = new ArrayList<>(Parameter.DELETE);
    Parameter.LIST.stream()
        .filter(p -> !p.name().equals("watch") && !p.name().equals("allowWatchBookmarks"))
        .forEach(parameters::add);
    bodied(operation, parameters, mention(META + "DeleteOptions"), List.of("*/*"), false);
    respond(operation, mention(META + "Status"), PRODUCED, "200");
    return operation;
  }

  private static String what(ResourceInfo info, String suffix) {
    String kind = info.kind().kind();
    return suffix.isEmpty()
        ? "the specified " + kind
        : suffix.toLowerCase(Locale.ROOT) + " of the specified " + kind;
  }

  private void bodied(
      Map<String, Object> operation,
      List<Parameter> parameters,
      @Nullable String type,
      List<String> mediaTypes,
      boolean required) {
    List<Object> trees = dialect.parameters(parameters);
    if (type != null) {
      dialect.body(operation, trees, new Dialect.Body(type, mediaTypes, required));
    }
    operation.put("parameters", trees);
  }

  private void respond(
      Map<String, Object> operation,
      @Nullable String type,
      List<String> mediaTypes,
      String... codes) {
    Map<String, Object> responses = new LinkedHashMap<>();
    for (String code : codes) {
      String text = code.equals("200") ? "OK" : code.equals("201") ? "Created" : "Accepted";
      responses.put(code, dialect.response(type, mediaTypes, text));
    }
    responses.put("401", Dialect.tree("description", "Unauthorized"));
    dialect.produces(operation, mediaTypes);
    operation.put("responses", responses);
  }

  private Map<String, Object> operation(
      String action, String verb, ResourceInfo info, String suffix, GroupVersionKind kind) {
    String scope = info.namespaced() ? "Namespaced" : "";
    return operation(
        action,
        id(verb, info, scope, info.kind().kind() + suffix),
        info.gvr().group(),
        info.gvr().version(),
        kind,
        null);
  }

  private static String id(String verb, ResourceInfo info, String scope, String kind) {
    return verb + camel(info.gvr().group(), info.gvr().version()) + scope + kind;
  }

  private static Map<String, Object> operation(
      String action,
      String id,
      String group,
      String version,
      @Nullable GroupVersionKind kind,
      @Nullable String description) {
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("tags", List.of((group.isEmpty() ? "core" : group(group)) + "_" + version));
    if (description != null) {
      operation.put("description", description);
    }
    operation.put("operationId", kind == null ? id + camel(group, version) : id);
    if (kind != null) {
      operation.put("x-kubernetes-action", action);
      operation.put("x-kubernetes-group-version-kind", SchemaWriter.kind(kind));
    }
    return operation;
  }

  /** The first label of a group's name, in camel case: {@code rbacAuthorization}. */
  private static String group(String group) {
    String name = group.endsWith(".k8s.io") ? group.substring(0, group.length() - 7) : group;
    StringBuilder text = new StringBuilder();
    for (String part : name.split("\\.")) {
      text.append(text.isEmpty() ? part : capital(part));
    }
    return text.toString();
  }

  private static String camel(String group, String version) {
    return capital(group.isEmpty() ? "core" : group(group)) + capital(version);
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private Map<String, Object> pathItem(boolean namespaced, boolean named) {
    List<Parameter> parameters = new ArrayList<>();
    if (named) {
      parameters.add(Parameter.NAME);
    }
    if (namespaced) {
      parameters.add(Parameter.NAMESPACE);
    }
    parameters.add(Parameter.PRETTY);
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("parameters", dialect.parameters(parameters));
    return item;
  }

  @SuppressWarnings("unchecked")
  private static List<Object> parametersOf(Map<String, Object> item) {
    return (List<Object>) item.getOrDefault("parameters", new ArrayList<>());
  }

  /** The type of a kind, or null for kinds that have none, such as options of connections. */
  private @Nullable String typeOf(GroupVersionKind kind) {
    Schema schema = catalogue.typeOf(kind);
    String name = schema == null ? null : schema.name();
    return name == null ? null : mention(name);
  }

  private String mention(String type) {
    types.add(type);
    return type;
  }
}
