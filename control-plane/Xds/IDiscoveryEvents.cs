namespace Ambient.ControlPlane.Xds;

/// <summary>What is worth a line in a log or a count. Called from the streams, many at once: must not block or throw.</summary>
public interface IDiscoveryEvents
{
    /// <summary>A proxy opened its stream and was let in.</summary>
    void Opened(ProxyNode node);

    /// <summary>Its stream is over.</summary>
    void Closed(ProxyNode node, string reason);

    /// <summary>A response went out.</summary>
    void Pushed(ProxyNode node, string typeUrl, int resources, int removed);

    /// <summary>The proxy accepted a response: it was at one place in the order of changes, and now is at another.</summary>
    void Accepted(ProxyNode node, string typeUrl, long before, long now);

    /// <summary>The proxy refused a response, or a part of it.</summary>
    void Refused(ProxyNode node, string typeUrl, string reason);
}
