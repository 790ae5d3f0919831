package io.kubra.apiserver;

import io.kubra.api.feature.FeatureGates;
import io.kubra.api.meta.GroupResource;
import io.kubra.api.schema.Catalogue;
import io.kubra.apiserver.admission.AdmissionMetrics;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.audit.Auditor;
import io.kubra.apiserver.auth.Authenticator;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.bootstrap.Housekeeping;
import io.kubra.apiserver.bootstrap.KubernetesService;
import io.kubra.apiserver.bootstrap.SystemNamespaces;
import io.kubra.apiserver.bootstrap.SystemPriorityClasses;
import io.kubra.apiserver.cache.StoreFeed;
import io.kubra.apiserver.customresource.CustomResources;
import io.kubra.apiserver.encoding.Responder;
import io.kubra.apiserver.flow.FlowControl;
import io.kubra.apiserver.flow.FlowDebug;
import io.kubra.apiserver.flow.FlowMetrics;
import io.kubra.apiserver.health.HealthEndpoint;
import io.kubra.apiserver.health.Metrics;
import io.kubra.apiserver.health.RequestMetrics;
import io.kubra.apiserver.health.StoreCheck;
import io.kubra.apiserver.health.VersionEndpoint;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.request.ConnectHandler;
import io.kubra.apiserver.request.CreateHandler;
import io.kubra.apiserver.request.GroupRegistry;
import io.kubra.apiserver.request.HealthCheck;
import io.kubra.apiserver.request.LocalGroup;
import io.kubra.apiserver.request.NonResourceEndpoint;
import io.kubra.apiserver.request.PostStartHook;
import io.kubra.apiserver.request.RequestInfo;
import io.kubra.apiserver.rest.ResourceRequests;
import io.kubra.apiserver.rules.KindRulesRegistry;
import io.kubra.apiserver.service.ServiceAllocation;
import io.kubra.apiserver.storage.AdmissionChain;
import io.kubra.apiserver.storage.GatedFields;
import io.kubra.apiserver.storage.LocalObjects;
import io.kubra.apiserver.storage.MeteredStore;
import io.kubra.apiserver.storage.ObjectCounts;
import io.kubra.apiserver.storage.ObjectWriter;
import io.kubra.apiserver.storage.ServedResource;
import io.kubra.apiserver.storage.ServedResources;
import io.kubra.apiserver.storage.StoredObjectReader;
import io.kubra.metrics.GaugeFamily;
import io.kubra.metrics.MetricRegistry;
import io.kubra.store.Store;
import io.kubra.transport.http.HttpHandler;
import io.kubra.transport.http.HttpServer;
import io.kubra.transport.tls.ServerTls;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The API server. The parts that need to read or write objects themselves (authenticators,
 * admission, hooks) are given to the builder as functions of {@link ObjectAccess}, which works as
 * soon as the server is built. The store belongs to the caller and is closed by him, after the
 * server.
 */
public final class ApiServer implements AutoCloseable {
  private final StoreFeed feed;
  private final ObjectAccess objects;
  private final Dispatcher dispatcher;
  private final PostStartHooks hooks;
  private final Housekeeping housekeeping;
  private final CustomResources custom;
  private final GroupRegistry groups;
  private final @Nullable FlowControl flow;
  private final Builder settings;
  private @Nullable HttpServer http;

  private ApiServer(
      Builder settings,
      StoreFeed feed,
      ObjectAccess objects,
      Dispatcher dispatcher,
      PostStartHooks hooks,
      Housekeeping housekeeping,
      CustomResources custom,
      GroupRegistry groups,
      @Nullable FlowControl flow) {
    this.settings = settings;
    this.feed = feed;
    this.objects = objects;
    this.dispatcher = dispatcher;
    this.hooks = hooks;
    this.housekeeping = housekeeping;
    this.custom = custom;
    this.groups = groups;
    this.flow = flow;
  }

  /** Starts to configure a server on a store. */
  public static Builder builder(Store store) {
    return new Builder(store);
  }

  /** Serves requests from inside the process. */
  public HttpHandler handler() {
    return dispatcher;
  }

  /** The server's own access to its objects. */
  public ObjectAccess objects() {
    return objects;
  }

  /** Where group versions are registered that others serve. */
  public GroupRegistry groups() {
    return groups;
  }

  /** Opens the port, if one was configured, and begins with the start-up hooks. */
  public void start() {
    custom.start();
    if (settings.bind != null) {
      HttpServer.Builder b = HttpServer.builder().bind(settings.bind).handler(dispatcher);
      if (settings.tls != null) {
        b.tls(settings.tls);
      }
      http = b.start();
    }
    hooks.start(objects);
    housekeeping.start();
  }

  /** Waits until all start-up hooks are through. */
  public void awaitReady() throws InterruptedException {
    hooks.await();
  }

  /** Where the server listens; only after {@link #start} with an address. */
  public InetSocketAddress address() {
    HttpServer server = http;
    if (server == null) {
      throw new IllegalStateException("the server does not listen");
    }
    return server.address();
  }

  /** Stops to serve; watches end, requests in flight get a moment to finish. */
  @Override
  public void close() {
    hooks.close();
    housekeeping.close();
    custom.close();
    if (flow != null) {
      flow.close();
    }
    HttpServer server = http;
    feed.close();
    if (server != null) {
      server.drainAndClose(Duration.ofSeconds(5));
    }
  }

  /** Configures and builds a server. */
  public static final class Builder {
    private final Store store;
    private Catalogue catalogue = Catalogue.extensible();
    private KindRulesRegistry rules = new KindRulesRegistry();
    private Clock clock = Clock.systemUTC();
    private @Nullable Function<ObjectAccess, Authenticator> authenticator;
    private Function<ObjectAccess, Authorizer> authorizer = o -> Authorizer.ALLOW_ALL;
    private Function<ObjectAccess, List<AdmissionPlugin>> admission = o -> List.of();
    private final List<Function<ObjectAccess, NonResourceEndpoint>> endpoints = new ArrayList<>();
    private final List<Function<ObjectAccess, PostStartHook>> hooks = new ArrayList<>();
    private final List<HealthCheck> readiness = new ArrayList<>();
    private final Map<List<String>, Function<ObjectAccess, ConnectHandler>> connects =
        new LinkedHashMap<>();
    private final Map<List<String>, Function<ObjectAccess, CreateHandler>> creates =
        new LinkedHashMap<>();
    private final List<Function<ObjectAccess, LocalGroup>> groups = new ArrayList<>();
    private MetricRegistry registry = new MetricRegistry();
    private FeatureGates gates = FeatureGates.defaults();
    private List<String> serviceCidrs = List.of("10.96.0.0/12");
    private int firstNodePort = 30000;
    private int lastNodePort = 32767;
    private @Nullable Auditor auditor;
    private boolean fair;
    private int maxReads = 400;
    private int maxWrites = 200;
    private @Nullable String advertisedAddress;
    private int advertisedPort = 6443;
    private @Nullable InetSocketAddress bind;
    private @Nullable ServerTls tls;

    private Builder(Store store) {
      this.store = store;
    }

    public Builder catalogue(Catalogue value) {
      catalogue = value;
      return this;
    }

    /** The catalogue of the server to be. */
    public Catalogue catalogue() {
      return catalogue;
    }

    public Builder rules(KindRulesRegistry value) {
      rules = value;
      return this;
    }

    public Builder clock(Clock value) {
      clock = value;
      return this;
    }

    /** Without one, only in-process requests with a {@link UserInfo} attribute are accepted. */
    public Builder authenticator(Function<ObjectAccess, Authenticator> value) {
      authenticator = value;
      return this;
    }

    /** Without one, everything is allowed. */
    public Builder authorizer(Function<ObjectAccess, Authorizer> value) {
      authorizer = value;
      return this;
    }

    /** The admission plugins, in order. */
    public Builder admission(Function<ObjectAccess, List<AdmissionPlugin>> value) {
      admission = value;
      return this;
    }

    /** Adds an endpoint; the first one that matches a path serves it. */
    public Builder endpoint(Function<ObjectAccess, NonResourceEndpoint> value) {
      endpoints.add(value);
      return this;
    }

    /** Adds a connection subresource, for example of pods and log. */
    public Builder connect(
        String group,
        String resource,
        String subresource,
        Function<ObjectAccess, ConnectHandler> value) {
      connects.put(List.of(group, resource, subresource), value);
      return this;
    }

    /** Adds something that answers POSTs without storing; the subresource may be empty. */
    public Builder create(
        String group,
        String resource,
        String subresource,
        Function<ObjectAccess, CreateHandler> value) {
      creates.put(List.of(group, resource, subresource), value);
      return this;
    }

    /** Records requests; it belongs to the caller and is closed by him, after the server. */
    public Builder auditor(@Nullable Auditor value) {
      auditor = value;
      return this;
    }

    /** Where everything in the process counts; {@code /metrics} shows it. */
    public Builder metrics(MetricRegistry value) {
      registry = value;
      return this;
    }

    /** Where everything in the process counts. */
    public MetricRegistry metrics() {
      return registry;
    }

    /** The feature gates in force; Kubra's defaults unless said. */
    public Builder features(FeatureGates value) {
      gates = value;
      return this;
    }

    /** Adds a group and version that a component of this process answers. */
    public Builder group(Function<ObjectAccess, LocalGroup> value) {
      groups.add(value);
      return this;
    }

    /** Adds work to be done after the start; runs after the hooks added before. */
    public Builder hook(Function<ObjectAccess, PostStartHook> value) {
      hooks.add(value);
      return this;
    }

    /** Adds a check to /readyz and /healthz. */
    public Builder readiness(HealthCheck value) {
      readiness.add(value);
      return this;
    }

    /** The ranges of Services' cluster addresses: one, or one of each family. */
    public Builder serviceCidrs(List<String> value) {
      serviceCidrs = List.copyOf(value);
      return this;
    }

    /** The node ports, both ends included. */
    public Builder nodePorts(int first, int last) {
      firstNodePort = first;
      lastNodePort = last;
      return this;
    }

    /** How many reads and writes are worked on at once. */
    public Builder maxInFlight(int reads, int writes) {
      maxReads = reads;
      maxWrites = writes;
      return this;
    }

    /**
     * Whether requests are sorted into priority levels, which share as many places as there would
     * be for reads and writes.
     */
    public Builder priorityAndFairness(boolean value) {
      fair = value;
      return this;
    }

    /** Where pods reach this server; makes the Service default/kubernetes point there. */
    public Builder advertise(String address, int port) {
      advertisedAddress = address;
      advertisedPort = port;
      return this;
    }

    /** Where to listen; TLS may be null for plain HTTP. */
    public Builder bind(InetSocketAddress address, @Nullable ServerTls serverTls) {
      bind = address;
      tls = serverTls;
      return this;
    }

    /** Builds the server; nothing is served on a port before {@link ApiServer#start}. */
    public ApiServer build() {
      Store store = new MeteredStore(this.store, registry);
      StoreFeed feed = new StoreFeed(store);
      ServedResources resources = new ServedResources(catalogue, rules, feed);
      StoredObjectReader reader = new StoredObjectReader(store, resources);
      LateAdmission late = new LateAdmission();
      ObjectWriter writer =
          new ObjectWriter(
              store, new AdmissionChain(List.of(late)), reader, new GatedFields(gates), clock);
      ServiceAllocation allocation =
          new ServiceAllocation(serviceCidrs, firstNodePort, lastNodePort, reader);
      writer.hook(ServiceAllocation.SERVICES, allocation);
      ObjectAccess objects = new LocalObjects(resources, reader, writer);
      late.plugins = new AdmissionChain(admission.apply(objects), new AdmissionMetrics(registry));
      Responder responder = new Responder(clock);
      ResourceRequests requests =
          new ResourceRequests(resources, store, reader, writer, responder, clock);
      connects.forEach(
          (k, v) ->
              requests.connect(new GroupResource(k.get(0), k.get(1)), k.get(2), v.apply(objects)));
      creates.forEach(
          (k, v) ->
              requests.create(new GroupResource(k.get(0), k.get(1)), k.get(2), v.apply(objects)));
      FlowControl flow =
          fair ? new FlowControl(maxReads + maxWrites, i -> objectsOf(resources, i), clock) : null;
      PostStartHooks startHooks = new PostStartHooks(hooks(objects, allocation, flow));
      ServedGroups served =
          new ServedGroups(catalogue, groups.stream().map(g -> g.apply(objects)).toList());
      RequestMetrics requestMetrics = new RequestMetrics(resources::serves);
      registry.add(requestMetrics);
      registry.add(new ObjectCounts(resources, store));
      registry.gauge(
          "kubra_store_revision", "The revision of the last write.", () -> store.revision());
      Dispatcher dispatcher =
          new Dispatcher(
              authenticator == null
                  ? x -> Optional.ofNullable(x.attribute(UserInfo.class))
                  : authenticator.apply(objects),
              authorizer.apply(objects),
              endpoints(objects, startHooks, flow),
              served,
              requests,
              responder,
              flow == null ? inFlightLimit() : flow,
              requestMetrics,
              auditor);
      Housekeeping housekeeping = new Housekeeping(store, () -> eventsOf(resources).cache(), clock);
      return new ApiServer(
          this,
          feed,
          objects,
          dispatcher,
          startHooks,
          housekeeping,
          new CustomResources(catalogue, resources, objects, registry, clock),
          served,
          flow);
    }

    private InFlightLimit inFlightLimit() {
      InFlightLimit limit = new InFlightLimit(maxReads, maxWrites);
      GaugeFamily inFlight =
          registry.gauge(
              "apiserver_current_inflight_requests",
              "Number of requests being worked on, by kind.",
              "request_kind");
      inFlight.with("readOnly").read(limit::readsInFlight);
      inFlight.with("mutating").read(limit::writesInFlight);
      return limit;
    }

    private static long objectsOf(ServedResources resources, RequestInfo info) {
      ServedResource r = resources.find(info.group(), info.version(), info.resource());
      return r == null ? 0 : r.cachedCount(info.namespace());
    }

    private static ServedResource eventsOf(ServedResources resources) {
      ServedResource events = resources.storageOf(new GroupResource("", "events"));
      if (events == null) {
        throw new IllegalStateException("events are not served");
      }
      return events;
    }

    private List<PostStartHook> hooks(
        ObjectAccess objects, ServiceAllocation allocation, @Nullable FlowControl flow) {
      List<PostStartHook> all = new ArrayList<>();
      all.add(new SystemNamespaces());
      all.add(new SystemPriorityClasses());
      if (advertisedAddress != null) {
        all.add(
            new KubernetesService(
                allocation.apiServerAddress(), advertisedAddress, advertisedPort));
      }
      hooks.forEach(h -> all.add(h.apply(objects)));
      if (flow != null) {
        all.add(flow);
      }
      return all;
    }

    private List<NonResourceEndpoint> endpoints(
        ObjectAccess objects, PostStartHooks startHooks, @Nullable FlowControl flow) {
      StoreCheck stored = new StoreCheck(store);
      List<HealthCheck> ready = new ArrayList<>();
      ready.add(stored);
      ready.addAll(readiness);
      ready.addAll(startHooks.checks());
      List<NonResourceEndpoint> all = new ArrayList<>();
      all.add(new HealthEndpoint("livez", List.of(stored)));
      all.add(new HealthEndpoint("readyz", ready));
      all.add(new HealthEndpoint("healthz", ready));
      all.add(new VersionEndpoint());
      all.add(new Metrics(registry));
      if (flow != null) {
        registry.add(new FlowMetrics(flow));
        all.add(new FlowDebug(flow));
      }
      endpoints.forEach(e -> all.add(e.apply(objects)));
      return all;
    }
  }
}
