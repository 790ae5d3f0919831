package io.kubra.apiserver.admission.webhook;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.expression.MatchConditions;
import io.kubra.apiserver.admission.expression.RequestExpressions;
import io.kubra.apiserver.admission.match.MatchCriteria;
import io.kubra.apiserver.webhook.WebhookException;
import io.kubra.apiserver.webhook.WebhookTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One webhook of a configuration.
 *
 * @param id tells it apart from the others, also from those of the same name
 * @param configuration the name of its configuration
 * @param ignoresFailures whether the request goes on if the webhook cannot be asked
 * @param repeats whether it wants to be asked again after others changed the object
 * @param version of the reviews it wants: v1 or v1beta1
 * @param dryRun whether it may be asked in dry runs
 * @param conditions what must be true of requests beyond the criteria
 */
record Webhook(
    String id,
    String configuration,
    String name,
    MatchCriteria criteria,
    WebhookTarget target,
    boolean ignoresFailures,
    boolean repeats,
    Duration timeout,
    String version,
    boolean dryRun,
    MatchConditions conditions) {
  private static final Logger log = LoggerFactory.getLogger(Webhook.class);

  /** The webhooks of a configuration, in its order. */
  static List<Webhook> of(Map<String, Object> configuration) {
    String owner = Trees.stringOr(configuration, "", "metadata", "name");
    Map<String, Integer> seen = new HashMap<>();
    List<Webhook> all = new ArrayList<>();
    for (Map<String, Object> tree : Trees.maps(configuration, "webhooks")) {
      String name = Trees.stringOr(tree, "", "name");
      int number = seen.merge(name, 1, Integer::sum) - 1;
      try {
        all.add(read(tree, owner, name, owner + "/" + name + "/" + number));
      } catch (WebhookException | ApiException e) {
        log.error("webhook {} of {} cannot be used: {}", name, owner, e.getMessage());
      }
    }
    return all;
  }

  private static Webhook read(Map<String, Object> tree, String owner, String name, String id) {
    String effects = Trees.stringOr(tree, "", "sideEffects");
    return new Webhook(
        id,
        owner,
        name,
        MatchCriteria.ofWebhook(tree),
        WebhookTarget.of(Trees.map(tree, "clientConfig")),
        "Ignore".equals(Trees.string(tree, "failurePolicy")),
        "IfNeeded".equals(Trees.string(tree, "reinvocationPolicy")),
        Duration.ofSeconds(Trees.integerOr(tree, 10, "timeoutSeconds")),
        version(Trees.strings(tree, "admissionReviewVersions")),
        effects.equals("None") || effects.equals("NoneOnDryRun"),
        MatchConditions.of(Trees.maps(tree, "matchConditions"), RequestExpressions::ofWebhook));
  }

  /** The first that is known here; validation saw to it that there is one. */
  private static String version(List<String> wanted) {
    for (String version : wanted) {
      if (version.equals("v1") || version.equals("v1beta1")) {
        return version;
      }
    }
    return "v1";
  }
}
