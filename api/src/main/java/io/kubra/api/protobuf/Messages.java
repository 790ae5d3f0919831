package io.kubra.api.protobuf;

import io.kubra.api.protobuf.Message.Arity;
import io.kubra.api.protobuf.Message.Type;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All message layouts, read from messages.txt on first use. */
final class Messages {
  private static final String META = "k8s.io.apimachinery.pkg.apis.meta.v1";
  private static final String RUNTIME = "k8s.io.apimachinery.pkg.runtime";
  private static final String EXTENSIONS =
      "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1";

  static final String JSON_SCHEMA = EXTENSIONS + ".JSONSchemaProps";

  private final Map<String, Message> messages = new HashMap<>();

  private static final class Holder {
    static final Messages INSTANCE = new Messages();
  }

  private record Line(Message owner, String packageName, String text) {}

  static Messages builtin() {
    return Holder.INSTANCE;
  }

  private Messages() {
    List<Line> lines = new ArrayList<>(4000);
    try (InputStream in =
            Objects.requireNonNull(Messages.class.getResourceAsStream("messages.txt"));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      String packageName = "";
      Message owner = new Message("");
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("package ")) {
          packageName = line.substring(8);
        } else if (Character.isDigit(line.charAt(0))) {
          lines.add(new Line(owner, packageName, line));
        } else if (!line.startsWith("#")) {
          owner = new Message(packageName + "." + line);
          messages.put(owner.name(), owner);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    lines.forEach(line -> line.owner().add(field(line.text(), line.packageName())));
  }

  private Message.Field field(String line, String packageName) {
    String[] words = line.split(" ", 4);
    String mark = words.length > 3 ? words[3] : "";
    String type = words[2];
    Arity arity = Arity.ONE;
    if (type.startsWith("[]")) {
      arity = Arity.LIST;
      type = type.substring(2);
    } else if (type.startsWith("map<string,")) {
      arity = Arity.MAP;
      type = type.substring(11, type.length() - 1);
    }
    Type scalar = scalar(type);
    String full = type.indexOf('.') < 0 ? packageName + "." + type : type;
    return new Message.Field(
        Integer.parseInt(words[0]),
        words[1],
        scalar == null ? special(full) : scalar,
        arity,
        scalar == null ? messages.get(full) : null,
        mark.equals("inline"),
        mark.equals("-"));
  }

  private static @Nullable Type scalar(String type) {
    return switch (type) {
      case "string" -> Type.STRING;
      case "int32" -> Type.INT32;
      case "int64" -> Type.INT64;
      case "bool" -> Type.BOOL;
      case "double" -> Type.DOUBLE;
      case "bytes" -> Type.BYTES;
      default -> null;
    };
  }

  private static Type special(String type) {
    return switch (type) {
      case "k8s.io.apimachinery.pkg.util.intstr.IntOrString" -> Type.INT_OR_STRING;
      case "k8s.io.apimachinery.pkg.api.resource.Quantity" -> Type.QUANTITY;
      case META + ".Time" -> Type.TIME;
      case META + ".MicroTime" -> Type.MICRO_TIME;
      case META + ".FieldsV1", RUNTIME + ".RawExtension", EXTENSIONS + ".JSON" -> Type.JSON;
      case EXTENSIONS + ".JSONSchemaPropsOrArray" -> Type.OR_ARRAY;
      case EXTENSIONS + ".JSONSchemaPropsOrBool" -> Type.OR_BOOL;
      case EXTENSIONS + ".JSONSchemaPropsOrStringArray" -> Type.OR_STRINGS;
      default ->
          type.endsWith(".ExtraValue") || type.equals(META + ".Verbs")
              ? Type.WRAPPED_LIST
              : Type.MESSAGE;
    };
  }

  /** The layout with a full protobuf name; null when there is none. */
  @Nullable Message named(String name) {
    return messages.get(name);
  }

  /** The layout of a kind; null when it has no protobuf form, as custom resources have not. */
  @Nullable Message of(String apiVersion, String kind) {
    Message message = messages.get(packageOf(apiVersion) + "." + kind);
    return message == null || kind.isEmpty() ? shared(apiVersion, kind) : message;
  }

  /** Kinds of the machinery itself: options come under any group, the others under v1. */
  private @Nullable Message shared(String apiVersion, String kind) {
    boolean common =
        switch (kind) {
          case "DeleteOptions",
              "CreateOptions",
              "UpdateOptions",
              "PatchOptions",
              "ListOptions",
              "GetOptions" ->
              packageOf(apiVersion).startsWith("k8s.io.");
          case "Status", "List", "APIGroup", "APIGroupList", "APIResourceList", "APIVersions" ->
              apiVersion.equals("v1");
          default -> false;
        };
    return common ? messages.get(META + "." + kind) : null;
  }

  private static String packageOf(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    if (slash < 0) {
      return "k8s.io.api.core." + apiVersion;
    }
    String group = apiVersion.substring(0, slash);
    String version = apiVersion.substring(slash + 1);
    String name =
        switch (group) {
          case "apps", "autoscaling", "batch", "policy" -> group;
          case "meta.k8s.io" -> "";
          case "apiextensions.k8s.io" -> "apiextensions";
          case "apiregistration.k8s.io" -> "apiregistration";
          case "internal.apiserver.k8s.io" -> "apiserverinternal";
          default -> group.endsWith(".k8s.io") ? group.substring(0, group.indexOf('.')) : "?";
        };
    return switch (name) {
      case "" -> "k8s.io.apimachinery.pkg.apis.meta." + version;
      case "apiextensions" -> "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions." + version;
      case "apiregistration" -> "k8s.io.kube_aggregator.pkg.apis.apiregistration." + version;
      default -> "k8s.io.api." + name + "." + version;
    };
  }
}
