package io.kubra.node.status;

/**
 * Why a container could not be started, as its waiting state shows it.
 *
 * @param reason for example CrashLoopBackOff or ErrImagePull
 */
public record StartFailure(String reason, String message) {}
