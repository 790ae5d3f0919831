/** Gives each namespace its default ServiceAccount and the cluster's CA certificate. */
@NullMarked
package io.kubra.controllers.serviceaccount;

import org.jspecify.annotations.NullMarked;
