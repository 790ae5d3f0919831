/**
 * Binds claims to volumes and gives volumes back. Keys of claims and of volumes go through one
 * queue; all steps of a binding can be repeated, and two claims that want one volume are told apart
 * by the API server's check of resource versions. A volume is only ever given back after the API
 * server itself, not a local copy, has said that its claim is gone.
 */
@NullMarked
package io.kubra.controllers.volume;

import org.jspecify.annotations.NullMarked;
