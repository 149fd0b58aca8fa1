namespace Ambient.Redirection;

/// <summary>The marks of node-proxy 7.1 that keep the proxy's own packets out of redirection and bring replies back to it.</summary>
public static class RedirectionMarks
{
    /// <summary>Set by the proxy on every socket it makes in a pod; such packets are never redirected.</summary>
    public const int Packet = 0x539;

    /// <summary>Connection mark of a connection that the proxy opened from the caller's own address.</summary>
    public const int Connection = 0x111;

    public const int Mask = 0xfff;

    public const int RouteTable = 100;

    public const int RulePriority = 32764;

    public const int DnsConntrackZone = 1;
}
