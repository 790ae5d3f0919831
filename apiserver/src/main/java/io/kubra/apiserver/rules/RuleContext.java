package io.kubra.apiserver.rules;

import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.registry.ObjectReader;
import java.time.Instant;

/** What rules may know about the request that they prepare an object for. */
public record RuleContext(
    UserInfo user, boolean dryRun, String subresource, Instant now, ObjectReader objects) {}
