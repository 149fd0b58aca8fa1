namespace Ambient.Redirection;

/// <summary>The proxy's listeners in a pod that packets are redirected to (node-proxy 7.1).</summary>
public static class RedirectionPorts
{
    public const int Outbound = 15001;

    public const int InboundPlaintext = 15006;

    public const int InboundHbone = 15008;

    public const int Dns = 15053;
}
