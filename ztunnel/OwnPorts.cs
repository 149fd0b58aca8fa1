using Ambient.Transport.Lifetime;

namespace Ambient.Ztunnel;

/// <summary>The ports that the proxy listens on in a pod's namespace; traffic to them would come back to itself (node-proxy 2.1).</summary>
internal sealed record OwnPorts(bool Socks)
{
    public const int Outbound = 15001;
    public const int InboundPlaintext = 15006;
    public const int Inbound = 15008;
    public const int Socks5 = 15080;

    /// <summary>The access-log error of a refused call.</summary>
    public const string RefusalError = "attempted recursive call to ourselves";

    public const string RefusalHint =
        "the destination is one of the proxy's own ports (15001, 15006, 15008, 15080); applications must use their own ports";

    /// <summary>The refusal of a connection that meant one of these ports.</summary>
    public static ConnectionFailure Refusal { get; } =
        new(FailurePhase.Route, FailureSide.Downstream, FailureReason.SelfCall, RefusalError, RefusalHint);

    /// <summary>Ports that the listeners were moved to; they are ours as much as the usual ones.</summary>
    public IReadOnlySet<int>? Moved { get; init; }

    public bool Contains(int port) =>
        port is Outbound or InboundPlaintext or Inbound || (Socks && port == Socks5) || Moved?.Contains(port) == true;
}
