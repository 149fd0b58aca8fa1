using Ambient.Transport.Lifetime;
using Ambient.Transport.Namespaces;
using Ambient.Ztunnel.Inbound;
using Ambient.Ztunnel.Outbound;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Pods;

/// <summary>What the listeners of one pod share.</summary>
/// <param name="Local">The pod itself.</param>
/// <param name="Namespace">Null is the process's own.</param>
/// <param name="Sockets">How its sockets are made.</param>
/// <param name="Registry">Its live connections, and the drain.</param>
/// <param name="Connections">The same for the admin pages and for policy changes.</param>
/// <param name="Policy">Who may reach it.</param>
/// <param name="Reporter">Where its connections report to.</param>
/// <param name="Outbound">Take over connections of the pod's applications once their destination is known.</param>
internal sealed record PodParts(
    LocalWorkload Local,
    NetworkNamespace? Namespace,
    PodSockets Sockets,
    ConnectionRegistry Registry,
    ConnectionTable Connections,
    InboundPolicy Policy,
    ConnectionReporter Reporter,
    OutboundSides Outbound);
