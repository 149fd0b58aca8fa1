using Ambient.Xds.Messages;

namespace Ambient.Xds.Protocol;

/// <summary>What is remembered of one type from stream to stream: the versions that were accepted (node-proxy 3.5).</summary>
internal sealed class SubscribedType(string typeUrl, bool isOnDemand)
{
    private readonly Dictionary<string, string> _versions = new(StringComparer.Ordinal);

    public string TypeUrl { get; } = typeUrl;

    public bool IsOnDemand { get; } = isOnDemand;

    /// <summary>Whether a response was accepted whole, ever.</summary>
    public bool IsWarm { get; set; }

    /// <summary>Whether a resource of that name is in force.</summary>
    public bool Holds(string name) => _versions.ContainsKey(name);

    public void Accept(string name, string version) => _versions[name] = version;

    public void Remove(string name) => _versions.Remove(name);

    /// <param name="node">Only the first request of a type on a stream carries it.</param>
    /// <param name="demanded">Names asked for and not answered yet: sent with an empty version.</param>
    public DeltaDiscoveryRequest Subscribe(Node node, IReadOnlyCollection<string> demanded)
    {
        DeltaDiscoveryRequest request = new() { TypeUrl = TypeUrl, Node = node };
        if (IsOnDemand)
        {
            request.ResourceNamesSubscribe.Add("*");
            request.ResourceNamesUnsubscribe.Add("*");
            foreach (string name in demanded)
            {
                request.InitialResourceVersions[name] = string.Empty;
            }
        }

        foreach ((string name, string version) in _versions)
        {
            request.InitialResourceVersions[name] = version;
        }

        return request;
    }
}
