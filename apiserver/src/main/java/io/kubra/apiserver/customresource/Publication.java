package io.kubra.apiserver.customresource;

import io.kubra.api.jsonpath.JsonPath;
import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersion;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.AddedResource;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.api.schema.Schema;
import io.kubra.api.schema.SubresourceInfo;
import io.kubra.api.structural.CustomForm;
import io.kubra.api.structural.MergeSchema;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.ScalePaths;
import io.kubra.apiserver.storage.ServedResources;
import io.kubra.apiserver.storage.ServedResources.CustomVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Puts what a definition defines into the catalogue and into service, and takes it out again. */
final class Publication {
  private static final List<String> VERBS =
      List.of("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch");
  private static final List<String> SUBRESOURCE_VERBS = List.of("get", "patch", "update");
  private static final GroupVersionKind SCALE = new GroupVersionKind("autoscaling", "v1", "Scale");

  private final Catalogue catalogue;
  private final ServedResources resources;
  private final Converters converters;

  Publication(Catalogue catalogue, ServedResources resources, Converters converters) {
    this.catalogue = catalogue;
    this.resources = resources;
    this.converters = converters;
  }

  void publish(Definition definition) {
    GroupResource resource = definition.resource();
    List<CustomVersion> versions = new ArrayList<>();
    List<AddedResource> added = new ArrayList<>();
    String storage = definition.storageVersion();
    Converter converter = converters.of(definition);
    for (Map<String, Object> version : definition.servedVersions()) {
      boolean stored = Trees.stringOr(version, "", "name").equals(storage);
      add(definition, version, storage, stored, converter, versions, added);
    }
    Map<String, Object> hidden = definition.version(storage);
    if (hidden != null && !Trees.bool(hidden, "served")) {
      // clients do not see it, but the server deletes by it what is stored
      add(definition, hidden, storage, true, converter, versions, new ArrayList<>());
    }
    Map<String, JsonPath> paths = CustomResourceRules.paths(definition.selectablePaths());
    resources.define(resource, versions, o -> CustomResourceRules.select(paths, o));
    catalogue.add(resource, added);
  }

  void withdraw(Definition definition) {
    GroupResource resource = definition.resource();
    converters.forget(definition.name());
    catalogue.add(resource, List.of());
    resources.define(resource, List.of(), o -> Map.of());
  }

  private static void add(
      Definition definition,
      Map<String, Object> version,
      String storage,
      boolean stored,
      Converter converter,
      List<CustomVersion> versions,
      List<AddedResource> added) {
    CustomVersionSchema schema = new CustomVersionSchema(version);
    ResourceInfo info = info(definition, version, schema);
    String group = definition.group();
    // what was stored under an earlier generation may not look as this schema wants it
    boolean unchanged = Trees.integerOr(definition.tree(), 0, "metadata", "generation") == 1;
    CustomForms forms =
        new CustomForms(
            info.schema(),
            schema,
            info.gvr().groupVersion().toString(),
            new GroupVersion(group, storage).toString(),
            unchanged,
            converter);
    CustomResourceRules rules =
        new CustomResourceRules(
            schema,
            new CustomColumns(Trees.maps(version, "additionalPrinterColumns")),
            CustomResourceRules.paths(
                    Trees.maps(version, "selectableFields").stream()
                        .map(f -> Trees.stringOr(f, "", "jsonPath"))
                        .filter(p -> !p.isEmpty())
                        .toList())
                .keySet(),
            definition.terminating(),
            deprecation(info, version),
            scale(version));
    versions.add(new CustomVersion(info, rules, forms, stored, Trees.bool(version, "served")));
    added.add(
        new AddedResource(
            info,
            new CustomForm(info.schema()),
            schema::openApi,
            group + "/" + storage + "/" + info.kind().kind()));
  }

  private static ScalePaths scale(Map<String, Object> version) {
    Map<String, Object> given = Trees.map(version, "subresources", "scale");
    return given == null
        ? ScalePaths.WORKLOAD
        : new ScalePaths(
            path(given, "specReplicasPath"),
            path(given, "statusReplicasPath"),
            path(given, "labelSelectorPath"));
  }

  private static List<String> path(Map<String, Object> scale, String field) {
    String text = Trees.stringOr(scale, "", field);
    if (text.isEmpty()) {
      return List.of();
    }
    List<String> fields = JsonPath.parse(text).fields();
    return fields == null ? List.of() : fields;
  }

  private static List<String> deprecation(ResourceInfo info, Map<String, Object> version) {
    if (!Trees.bool(version, "deprecated")) {
      return List.of();
    }
    String given = Trees.stringOr(version, "", "deprecationWarning");
    String text =
        info.gvr().group()
            + "/"
            + info.gvr().version()
            + " "
            + info.kind().kind()
            + " is deprecated";
    return List.of(given.isEmpty() ? text : given);
  }

  private static ResourceInfo info(
      Definition definition, Map<String, Object> version, CustomVersionSchema schema) {
    GroupVersion gv = new GroupVersion(definition.group(), Trees.stringOr(version, "", "name"));
    Map<String, Object> names = definition.acceptedNames();
    GroupVersionKind kind = gv.kind(Trees.stringOr(names, "", "kind"));
    List<SubresourceInfo> subresources = new ArrayList<>();
    if (Trees.get(version, "subresources", "status") != null) {
      subresources.add(new SubresourceInfo("status", kind, SUBRESOURCE_VERBS));
    }
    if (Trees.get(version, "subresources", "scale") != null) {
      subresources.add(new SubresourceInfo("scale", SCALE, SUBRESOURCE_VERBS));
    }
    Schema type =
        Schema.lazy(
            AddedResource.typeName(gv.group(), gv.version(), kind.kind()),
            kind,
            Trees.bool(schema.openApi(), "x-kubernetes-preserve-unknown-fields"),
            () -> MergeSchema.ofResource(schema.structural()));
    return new ResourceInfo(
        gv.resource(Trees.stringOr(names, "", "plural")),
        kind,
        Trees.stringOr(names, "", "singular"),
        definition.namespaced(),
        Trees.strings(names, "shortNames"),
        Trees.strings(names, "categories"),
        VERBS,
        List.copyOf(subresources),
        type,
        Trees.stringOr(names, kind.kind() + "List", "listKind"));
  }
}
