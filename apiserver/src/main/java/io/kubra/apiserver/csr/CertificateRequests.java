package io.kubra.apiserver.csr;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.auth.RequestAttributes;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.pki.CertificateAuthority;
import io.kubra.apiserver.pki.CertificateProfile;
import io.kubra.apiserver.pki.CertificateRequest;
import io.kubra.apiserver.pki.PemText;
import io.kubra.apiserver.pki.PkiException;
import io.kubra.apiserver.registry.ChangeEvent;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.request.PostStartHook;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows certificate signing requests. Nodes' client certificates are approved for whoever has the
 * permission to ask for them (joining nodes by token, nodes for themselves); nodes' serving
 * certificates if the node asks for itself and for addresses that its Node object reports.
 */
public final class CertificateRequests implements PostStartHook, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateRequests.class);
  private static final GroupResource REQUESTS =
      new GroupResource("certificates.k8s.io", "certificatesigningrequests");
  private static final GroupResource NODES = new GroupResource("", "nodes");
  private static final Duration SHORTEST = Duration.ofMinutes(10);
  private static final int MAX_TRIES = 5;
  private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();
  private final CertificateAuthority authority;
  private final Authorizer authorizer;
  private final InstantSource clock;
  private volatile boolean closed;

  public CertificateRequests(
      CertificateAuthority authority, Authorizer authorizer, InstantSource clock) {
    this.authority = authority;
    this.authorizer = authorizer;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "certificates/sign-requests";
  }

  @Override
  public void run(ObjectAccess objects) {
    objects.onChange(
        REQUESTS,
        event -> {
          if (event.type() != ChangeEvent.Type.DELETED) {
            queue.add(Trees.stringOr(event.object(), "", "metadata", "name"));
          }
        });
    objects.onChange(NODES, event -> nodeChanged(objects, event));
    Thread.ofVirtual().name("certificate-requests").start(() -> follow(objects));
  }

  @Override
  public void close() {
    closed = true;
    queue.add("");
  }

  /** Serving certificates wait for the addresses of their nodes. */
  private void nodeChanged(ObjectAccess objects, ChangeEvent event) {
    Map<String, Object> before = event.previous();
    boolean same =
        before != null
            && Trees.equal(
                Trees.list(before, "status", "addresses"),
                Trees.list(event.object(), "status", "addresses"));
    if (event.type() == ChangeEvent.Type.DELETED || same) {
      return;
    }
    String user = "system:node:" + Trees.stringOr(event.object(), "", "metadata", "name");
    for (Map<String, Object> request : objects.list(REQUESTS, null)) {
      if (user.equals(Trees.string(request, "spec", "username"))) {
        queue.add(Trees.stringOr(request, "", "metadata", "name"));
      }
    }
  }

  private void follow(ObjectAccess objects) {
    while (!closed) {
      try {
        String name = queue.take();
        for (int tries = 1; !name.isEmpty() && !handle(objects, name); tries++) {
          if (tries == MAX_TRIES) {
            LOG.warn("Certificate request {} keeps changing; it waits for its next change", name);
            break;
          }
        }
      } catch (InterruptedException e) {
        return;
      } catch (ApiException e) {
        LOG.warn("A certificate request was not handled: {}", e.getMessage());
      }
    }
  }

  /** Returns false if the request was changed meanwhile. */
  private boolean handle(ObjectAccess objects, String name) {
    Map<String, Object> object = objects.get(REQUESTS, "", name);
    Optional<Signer> signer = Signer.named(Trees.stringOr(object, "", "spec", "signerName"));
    if (object == null
        || signer.isEmpty()
        || !Trees.stringOr(object, "", "status", "certificate").isEmpty()
        || has(object, "Denied")
        || has(object, "Failed")) {
      return true;
    }
    try {
      byte[] pem = Base64.getDecoder().decode(Trees.stringOr(object, "", "spec", "request"));
      CertificateRequest request =
          CertificateRequest.parse(new String(pem, StandardCharsets.US_ASCII));
      Optional<String> problem =
          signer.get().problem(request, Trees.strings(object, "spec", "usages"));
      boolean approved = has(object, "Approved");
      if (problem.isPresent()) {
        if (approved) {
          addCondition(object, "Failed", "SignerValidationFailure", problem.get());
          objects.updateStatus(REQUESTS, object);
        }
        return true;
      }
      if (!approved && !approve(objects, object, signer.get(), request)) {
        return true;
      }
      sign(object, signer.get(), request);
      objects.updateStatus(REQUESTS, object);
    } catch (PkiException | IllegalArgumentException malformed) {
      LOG.info("Certificate request {} is not signed: {}", name, malformed.getMessage());
    } catch (ApiException e) {
      if (e.code() == 409) {
        return false;
      }
      if (e.code() != 404) {
        throw e;
      }
    }
    return true;
  }

  private void sign(Map<String, Object> object, Signer signer, CertificateRequest request) {
    Duration validity = CertificateProfile.LEAF_VALIDITY;
    Long seconds = Trees.integer(object, "spec", "expirationSeconds");
    if (seconds != null && Duration.ofSeconds(seconds).compareTo(validity) < 0) {
      Duration asked = Duration.ofSeconds(seconds);
      validity = asked.compareTo(SHORTEST) < 0 ? SHORTEST : asked;
    }
    Instant now = clock.instant();
    String pem =
        PemText.ofCertificates(
            List.of(authority.issue(signer.profile(request, validity), request.publicKey(), now)));
    Trees.set(
        object,
        Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)),
        "status",
        "certificate");
  }

  private boolean approve(
      ObjectAccess objects, Map<String, Object> object, Signer signer, CertificateRequest request) {
    UserInfo user =
        new UserInfo(
            Trees.stringOr(object, "", "spec", "username"),
            Trees.stringOr(object, "", "spec", "uid"),
            Trees.strings(object, "spec", "groups"),
            Map.of());
    boolean self = user.name().equals(request.subject().commonName());
    switch (signer) {
      case NODE_CLIENT -> {
        if (self && may(user, "selfnodeclient")) {
          approved(
              object, "Auto approving self kubelet client certificate after SubjectAccessReview.");
          return true;
        }
        if (may(user, "nodeclient")) {
          approved(object, "Auto approving kubelet client certificate after SubjectAccessReview.");
          return true;
        }
      }
      case NODE_SERVING -> {
        if (self && user.in("system:nodes") && ownAddresses(objects, request)) {
          approved(
              object, "Auto approving kubelet serving certificate for the node's own addresses.");
          return true;
        }
      }
      case API_CLIENT -> {}
    }
    return false;
  }

  private boolean may(UserInfo user, String subresource) {
    return authorizer
        .authorize(
            RequestAttributes.resource(
                user, "create", REQUESTS.group(), "v1", REQUESTS.resource(), subresource, "", ""))
        .allowed();
  }

  private static boolean ownAddresses(ObjectAccess objects, CertificateRequest request) {
    String node = request.subject().commonName().substring("system:node:".length());
    Set<String> own = new HashSet<>(Set.of(node));
    Map<String, Object> found = objects.get(NODES, "", node);
    for (Map<String, Object> address : Trees.maps(found, "status", "addresses")) {
      own.add(Trees.stringOr(address, "", "address"));
    }
    return own.containsAll(request.dnsNames()) && own.containsAll(request.ipAddresses());
  }

  private void approved(Map<String, Object> object, String message) {
    addCondition(object, "Approved", "AutoApproved", message);
  }

  private void addCondition(
      Map<String, Object> object, String type, String reason, String message) {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    Map<String, Object> condition = new LinkedHashMap<>();
    condition.put("type", type);
    condition.put("status", "True");
    condition.put("reason", reason);
    condition.put("message", message);
    condition.put("lastUpdateTime", now);
    condition.put("lastTransitionTime", now);
    Trees.ensureList(object, "status", "conditions").add(condition);
  }

  private static boolean has(Map<String, Object> object, String condition) {
    return Trees.maps(object, "status", "conditions").stream()
        .anyMatch(each -> condition.equals(each.get("type")));
  }
}
