package io.kubra.apiserver.auth;

/** Attached to exchanges whose sender acts as somebody else: who he is himself. */
public record Requester(UserInfo user) {}
