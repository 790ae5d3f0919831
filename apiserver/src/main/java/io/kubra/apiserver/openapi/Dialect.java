package io.kubra.apiserver.openapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the two versions of OpenAPI differ in how they say the same. */
enum Dialect {
  V2 {
    @Override
    String reference(String type) {
      return "#/definitions/" + type;
    }

    @Override
    Map<String, Object> refersTo(String type, Map<String, Object> more) {
      more.put("$ref", reference(type));
      return more;
    }

    @Override
    Map<String, Object> intOrString() {
      return tree("type", "string", "format", "int-or-string");
    }

    @Override
    Map<String, Object> quantity() {
      return tree("type", "string");
    }

    @Override
    Map<String, Object> parameter(Parameter p) {
      Map<String, Object> tree = p.base();
      tree.put("type", p.type());
      tree.put("uniqueItems", true);
      return tree;
    }

    @Override
    void body(Map<String, Object> operation, List<Object> parameters, Body body) {
      operation.put("consumes", body.mediaTypes());
      parameters.addFirst(
          tree(
              "in",
              "body",
              "name",
              "body",
              "required",
              body.required(),
              "schema",
              tree("$ref", reference(body.type()))));
    }

    @Override
    void produces(Map<String, Object> operation, List<String> mediaTypes) {
      operation.put("produces", mediaTypes);
      operation.put("schemes", List.of("https"));
    }

    @Override
    Map<String, Object> response(@Nullable String type, List<String> mediaTypes, String text) {
      Map<String, Object> response = tree("description", text);
      response.put("schema", type == null ? tree("type", "string") : tree("$ref", reference(type)));
      return response;
    }
  },

  V3 {
    @Override
    String reference(String type) {
      return "#/components/schemas/" + type;
    }

    @Override
    Map<String, Object> refersTo(String type, Map<String, Object> more) {
      if (more.isEmpty()) {
        more.put("$ref", reference(type));
      } else {
        // siblings of $ref are ignored in this version
        more.put("allOf", List.of(tree("$ref", reference(type))));
      }
      return more;
    }

    @Override
    Map<String, Object> intOrString() {
      return tree(
          "oneOf",
          List.of(tree("type", "integer"), tree("type", "string")),
          "format",
          "int-or-string");
    }

    @Override
    Map<String, Object> quantity() {
      return tree("oneOf", List.of(tree("type", "string"), tree("type", "number")));
    }

    @Override
    Map<String, Object> parameter(Parameter p) {
      Map<String, Object> tree = p.base();
      tree.put("schema", tree("type", p.type(), "uniqueItems", true));
      return tree;
    }

    @Override
    void body(Map<String, Object> operation, List<Object> parameters, Body body) {
      Map<String, Object> request = new LinkedHashMap<>();
      request.put("content", content(body.mediaTypes(), tree("$ref", reference(body.type()))));
      if (body.required()) {
        request.put("required", true);
      }
      operation.put("requestBody", request);
    }

    @Override
    void produces(Map<String, Object> operation, List<String> mediaTypes) {}

    @Override
    Map<String, Object> response(@Nullable String type, List<String> mediaTypes, String text) {
      Map<String, Object> schema =
          type == null ? tree("type", "string") : tree("$ref", reference(type));
      return tree("description", text, "content", content(mediaTypes, schema));
    }

    private Map<String, Object> content(List<String> mediaTypes, Map<String, Object> schema) {
      Map<String, Object> content = new LinkedHashMap<>();
      for (String mediaType : mediaTypes) {
        content.put(mediaType, tree("schema", schema));
      }
      return content;
    }
  };

  /** A request body. */
  record Body(String type, List<String> mediaTypes, boolean required) {}

  abstract String reference(String type);

  /** Adds a reference to what else is said of the value. */
  abstract Map<String, Object> refersTo(String type, Map<String, Object> more);

  abstract Map<String, Object> intOrString();

  abstract Map<String, Object> quantity();

  abstract Map<String, Object> parameter(Parameter parameter);

  abstract void body(Map<String, Object> operation, List<Object> parameters, Body body);

  abstract void produces(Map<String, Object> operation, List<String> mediaTypes);

  /** A response with a type, or with plain text if that is null. */
  abstract Map<String, Object> response(
      @Nullable String type, List<String> mediaTypes, String text);

  List<Object> parameters(List<Parameter> all) {
    List<Object> trees = new ArrayList<>(all.size());
    for (Parameter p : all) {
      trees.add(parameter(p));
    }
    return trees;
  }

  /** A tree from names and values, alternating. */
  static Map<String, Object> tree(Object... namesAndValues) {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      tree.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return tree;
  }
}
