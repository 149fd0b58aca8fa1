using Ambient.Ztunnel.Configuration;

namespace Ambient.Ztunnel.Admin;

/// <param name="Purpose">Completes "cannot listen for …" in a start error.</param>
/// <param name="Setting">The setting that moves this listener, named in a start error.</param>
internal sealed record HttpEndpointSpec(BindAddress Address, string Purpose, string Setting, bool Ipv6Enabled);
