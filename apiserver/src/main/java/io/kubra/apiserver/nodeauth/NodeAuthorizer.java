package io.kubra.apiserver.nodeauth;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.auth.Decision;
import io.kubra.apiserver.auth.RequestAttributes;
import io.kubra.apiserver.rbac.BootstrapPolicy;
import io.kubra.apiserver.rbac.PolicyRule;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decides about what nodes ask for; has no opinion on anybody else. */
public final class NodeAuthorizer implements Authorizer {
  private static final String PREFIX = "system:node:";
  private static final String GROUP = "system:nodes";
  private static final GroupResource VOLUMES = new GroupResource("", "persistentvolumes");
  private static final GroupResource ATTACHMENTS =
      new GroupResource("storage.k8s.io", "volumeattachments");
  private static final Set<String> READ = Set.of("get", "list", "watch");
  private static final Set<String> OWN = Set.of("get", "create", "update", "patch", "delete");
  private final NodeGraph graph;
  private final ObjectReader objects;
  private final List<PolicyRule> others;

  public NodeAuthorizer(ObjectReader objects) {
    this.objects = objects;
    graph = new NodeGraph(objects);
    others = BootstrapPolicy.load().rulesOf("system:node");
  }

  @Override
  public Decision authorize(RequestAttributes asked) {
    if (!asked.user().in(GROUP)) {
      return Decision.NO_OPINION;
    }
    String user = asked.user().name();
    if (!user.startsWith(PREFIX)) {
      return Decision.NO_OPINION;
    }
    String node = user.substring(PREFIX.length());
    if (node.isEmpty()) {
      return refuse("unknown node for user \"%s\"".formatted(user));
    }
    if (!asked.resourceRequest()) {
      return byRules(asked);
    }
    return switch (asked.group()) {
      case "" -> core(node, asked);
      case "coordination.k8s.io" ->
          asked.resource().equals("leases") ? lease(node, asked) : byRules(asked);
      case "storage.k8s.io" -> storage(node, asked);
      case "resource.k8s.io" ->
          asked.resource().equals("resourceclaims")
              ? get(node, asked, related(node, asked))
              : byRules(asked);
      default -> byRules(asked);
    };
  }

  private Decision core(String node, RequestAttributes asked) {
    return switch (asked.resource()) {
      case "secrets", "configmaps" -> read(node, asked);
      case "persistentvolumeclaims" ->
          asked.subresource().equals("status")
              ? claimStatus(node, asked)
              : get(node, asked, related(node, asked));
      case "persistentvolumes" -> get(node, asked, volumeRelated(node, asked.name()));
      case "serviceaccounts" ->
          asked.subresource().equals("token")
              ? token(node, asked)
              : get(node, asked, related(node, asked));
      default -> byRules(asked);
    };
  }

  private Decision storage(String node, RequestAttributes asked) {
    return switch (asked.resource()) {
      case "volumeattachments" -> {
        Map<String, Object> attachment = objects.get(ATTACHMENTS, "", asked.name());
        yield get(node, asked, node.equals(Trees.string(attachment, "spec", "nodeName")));
      }
      case "csinodes" -> own(node, asked, "CSINode");
      default -> byRules(asked);
    };
  }

  private boolean related(String node, RequestAttributes asked) {
    return graph.related(node, asked.resource(), asked.namespace(), asked.name());
  }

  private boolean volumeRelated(String node, String volume) {
    Map<String, Object> found = objects.get(VOLUMES, "", volume);
    return found != null
        && graph.related(
            node,
            "persistentvolumeclaims",
            Trees.stringOr(found, "", "spec", "claimRef", "namespace"),
            Trees.stringOr(found, "", "spec", "claimRef", "name"));
  }

  private Decision read(String node, RequestAttributes asked) {
    if (!READ.contains(asked.verb())) {
      return refuse("can only read resources of this type");
    }
    if (!asked.subresource().isEmpty()) {
      return refuse("cannot read subresource");
    }
    if (asked.namespace().isEmpty()) {
      return refuse("can only read namespaced object of this type");
    }
    return decide(node, asked, related(node, asked));
  }

  private static Decision get(String node, RequestAttributes asked, boolean related) {
    if (!asked.verb().equals("get")) {
      return refuse("can only get individual resources of this type");
    }
    if (!asked.subresource().isEmpty()) {
      return refuse("cannot get subresource");
    }
    return decide(node, asked, related);
  }

  private Decision claimStatus(String node, RequestAttributes asked) {
    return switch (asked.verb()) {
      case "update", "patch", "get" -> decide(node, asked, related(node, asked));
      default -> refuse("can only get/update/patch this type");
    };
  }

  private Decision token(String node, RequestAttributes asked) {
    if (!asked.verb().equals("create")) {
      return refuse("can only create tokens for individual service accounts");
    }
    return decide(node, asked, related(node, asked));
  }

  private static Decision lease(String node, RequestAttributes asked) {
    if (!asked.namespace().equals("kube-node-lease")) {
      return refuse("can only access leases in the \"kube-node-lease\" system namespace");
    }
    return own(node, asked, "node lease");
  }

  private static Decision own(String node, RequestAttributes asked, String what) {
    if (!OWN.contains(asked.verb())) {
      return refuse("can only get, create, update, patch, or delete a " + what);
    }
    boolean named = !asked.verb().equals("create");
    if (named && !asked.name().equals(node)) {
      return refuse("can only access %s with the same name as the requesting node".formatted(what));
    }
    return Decision.ALLOWED;
  }

  private static Decision decide(String node, RequestAttributes asked, boolean related) {
    if (asked.name().isEmpty()) {
      return refuse("No Object name found");
    }
    return related
        ? Decision.ALLOWED
        : refuse("no relationship found between node '%s' and this object".formatted(node));
  }

  private Decision byRules(RequestAttributes asked) {
    for (PolicyRule rule : others) {
      if (rule.allows(asked)) {
        return Decision.ALLOWED;
      }
    }
    return Decision.NO_OPINION;
  }

  /** RBAC may still allow it; the reason is shown if it does not. */
  private static Decision refuse(String reason) {
    return new Decision(Decision.Verdict.NO_OPINION, reason);
  }
}
