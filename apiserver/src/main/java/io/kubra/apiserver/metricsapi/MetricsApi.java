package io.kubra.apiserver.metricsapi;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersion;
import io.kubra.api.selector.FieldSelector;
import io.kubra.api.selector.LabelSelector;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.encoding.Negotiation;
import io.kubra.apiserver.encoding.OutputFormat;
import io.kubra.apiserver.encoding.Responder;
import io.kubra.apiserver.node.NodeConnector;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.request.LocalGroup;
import io.kubra.apiserver.request.PostStartHook;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.request.RequestInfo;
import io.kubra.apiserver.table.TableConverter;
import io.kubra.apiserver.table.TableConverter.IncludeObject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serves {@code metrics.k8s.io/v1beta1}: nodes and pods, get and list. */
public final class MetricsApi implements LocalGroup, AutoCloseable {
  private static final GroupResource NODES = new GroupResource("", "nodes");
  private static final GroupResource PODS = new GroupResource("", "pods");

  private final ObjectAccess objects;
  private final UsageScraper scraper;
  private final Responder responder;
  private final Clock clock;

  /**
   * An API that reads nothing before {@link #hook} ran.
   *
   * @param nodes reaches the nodes' own API
   */
  public MetricsApi(ObjectAccess objects, NodeConnector nodes, Clock clock) {
    this.objects = objects;
    this.scraper = new UsageScraper(objects, nodes);
    this.responder = new Responder(clock);
    this.clock = clock;
  }

  /** Publishes the API and starts to read the nodes. */
  public PostStartHook hook() {
    return new Publication(scraper);
  }

  @Override
  public GroupVersion version() {
    return MetricsResources.VERSION;
  }

  @Override
  public boolean handle(RequestContext c) {
    RequestInfo info = c.info();
    boolean nodes = info.resource().equals("nodes");
    if ((!nodes && !info.resource().equals("pods"))
        || !info.subresource().isEmpty()
        || (nodes && !info.namespace().isEmpty())) {
      return false;
    }
    OutputFormat format = Negotiation.chooseText(c.exchange().headers(), c.query());
    switch (info.verb()) {
      case "get" -> send(c, one(info, nodes), format, nodes);
      case "list" -> list(c, format, nodes);
      default ->
          throw ApiException.generic(
              405,
              "MethodNotAllowed",
              "the server does not allow this method on the requested resource");
    }
    return true;
  }

  private Map<String, Object> one(RequestInfo info, boolean nodes) {
    List<Map<String, Object>> found =
        nodes ? nodes(info.name()) : pods(info.namespace(), info.name());
    if (found.isEmpty()) {
      throw nodes
          ? ApiException.notFound(MetricsResources.GROUP, "nodemetrics", info.name())
          : ApiException.notFound(
              MetricsResources.GROUP, "podmetrics", info.namespace() + "/" + info.name());
    }
    return found.getFirst();
  }

  private void list(RequestContext c, OutputFormat format, boolean nodes) {
    String byLabel = c.query().get("labelSelector");
    String byField = c.query().get("fieldSelector");
    LabelSelector labels =
        byLabel.isEmpty() ? LabelSelector.EVERYTHING : LabelSelector.parse(byLabel);
    FieldSelector fields =
        byField.isEmpty() ? FieldSelector.EVERYTHING : FieldSelector.parse(byField);
    for (FieldSelector.Requirement q : fields.requirements()) {
      if (!q.field().equals("metadata.name") && !q.field().equals("metadata.namespace")) {
        throw ApiException.badRequest(
            "\""
                + q.field()
                + "\" is not a known field selector: only \"metadata.name\","
                + " \"metadata.namespace\"");
      }
    }
    List<Map<String, Object>> items = nodes ? nodes("") : pods(c.info().namespace(), "");
    items.removeIf(
        i ->
            !labels.matches(Trees.map(i, "metadata", "labels"))
                || !fields.matches(f -> Trees.string(i, f.split("\\."))));
    Map<String, Object> metadata = new LinkedHashMap<>();
    if (format.view() == OutputFormat.View.TABLE) {
      responder.tree(c, table(c, items, format, metadata), format, 200);
      return;
    }
    boolean partial = format.view() == OutputFormat.View.METADATA;
    if (partial) {
      items.replaceAll(i -> TableConverter.partial(i, format.tableVersion()));
    }
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("kind", partial ? "PartialObjectMetadataList" : kind(nodes) + "List");
    list.put(
        "apiVersion",
        partial ? "meta.k8s.io/" + format.tableVersion() : MetricsResources.VERSION.toString());
    list.put("metadata", metadata);
    list.put("items", items);
    responder.tree(c, list, format, 200);
  }

  private void send(
      RequestContext c, Map<String, Object> object, OutputFormat format, boolean nodes) {
    switch (format.view()) {
      case OBJECT -> responder.tree(c, object, format, 200);
      case METADATA ->
          responder.tree(c, TableConverter.partial(object, format.tableVersion()), format, 200);
      case TABLE ->
          responder.tree(c, table(c, List.of(object), format, new LinkedHashMap<>()), format, 200);
    }
  }

  private Map<String, Object> table(
      RequestContext c,
      List<Map<String, Object>> items,
      OutputFormat format,
      Map<String, Object> metadata) {
    return TableConverter.table(
        MetricsPrinter.INSTANCE,
        items,
        IncludeObject.of(c.query().get("includeObject")),
        format.tableVersion(),
        metadata,
        true,
        clock.instant());
  }

  private static String kind(boolean nodes) {
    return nodes ? "NodeMetrics" : "PodMetrics";
  }

  /** The nodes whose use is known, or one of them. */
  private List<Map<String, Object>> nodes(String name) {
    List<Map<String, Object>> found = new ArrayList<>();
    for (Map<String, Object> node : listed(NODES, "", name)) {
      String own = Trees.stringOr(node, "", "metadata", "name");
      ResourceUsage usage = scraper.node(own);
      if (usage != null) {
        Map<String, Object> tree = object(node, "NodeMetrics", usage);
        tree.put("usage", amounts(usage));
        found.add(tree);
      }
    }
    return found;
  }

  private List<Map<String, Object>> pods(String namespace, String name) {
    List<Map<String, Object>> found = new ArrayList<>();
    Map<ResourceReading.Pod, List<ResourceUsage>> known = scraper.pods();
    for (Map<String, Object> pod : listed(PODS, namespace, name)) {
      ResourceReading.Pod key =
          new ResourceReading.Pod(
              Trees.stringOr(pod, "", "metadata", "namespace"),
              Trees.stringOr(pod, "", "metadata", "name"));
      List<ResourceUsage> containers = known.getOrDefault(key, List.of());
      if (containers.isEmpty()) {
        continue;
      }
      ResourceUsage oldest =
          containers.stream().min(Comparator.comparing(ResourceUsage::time)).orElseThrow();
      Map<String, Object> tree = object(pod, "PodMetrics", oldest);
      List<Object> each = new ArrayList<>();
      for (ResourceUsage c : containers) {
        Map<String, Object> container = new LinkedHashMap<>();
        container.put("name", c.name());
        container.put("usage", amounts(c));
        each.add(container);
      }
      tree.put("containers", each);
      found.add(tree);
    }
    return found;
  }

  /** The objects that are there, in the order of their names. */
  private List<Map<String, Object>> listed(GroupResource resource, String namespace, String name) {
    if (!name.isEmpty()) {
      @Nullable Map<String, Object> one = objects.get(resource, namespace, name);
      return one == null ? List.of() : List.of(one);
    }
    return objects.list(resource, namespace.isEmpty() ? null : namespace);
  }

  private Map<String, Object> object(Map<String, Object> of, String kind, ResourceUsage usage) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", Trees.stringOr(of, "", "metadata", "name"));
    String namespace = Trees.stringOr(of, "", "metadata", "namespace");
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    metadata.put("creationTimestamp", seconds(clock.instant()));
    Map<String, Object> labels = Trees.map(of, "metadata", "labels");
    if (labels != null) {
      metadata.put("labels", labels);
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("kind", kind);
    tree.put("apiVersion", MetricsResources.VERSION.toString());
    tree.put("metadata", metadata);
    tree.put("timestamp", seconds(usage.time()));
    tree.put("window", usage.window().toMillis() / 1e3 + "s");
    return tree;
  }

  private static String seconds(java.time.Instant time) {
    return time.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
  }

  private static Map<String, Object> amounts(ResourceUsage usage) {
    Map<String, Object> amounts = new LinkedHashMap<>();
    amounts.put("cpu", usage.cpuNanoCores() + "n");
    amounts.put("memory", usage.memoryBytes() / 1024 + "Ki");
    return amounts;
  }

  @Override
  public void close() {
    scraper.close();
  }
}
