using System.Globalization;
using Ambient.ControlPlane.Distribution;
using Ambient.Grpc;
using Ambient.Xds;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Xds;

/// <summary>
/// What one stream wants of one type, has been sent and has accepted (control-plane-and-cni 5.11, appendix B.5). Decides; sends nothing.
/// </summary>
internal sealed class TypeSubscription(string typeUrl, ResourceLog log, ResourceCache cache, string nodeName) : IDisposable
{
    /// <summary>Responses that may wait for an answer; a proxy that answers nothing is sent nothing more.</summary>
    public const int MaxUnanswered = 32;

    /// <summary>Names that a proxy may subscribe to, one by one.</summary>
    public const int MaxNames = 500_000;

    /// <summary>Of the reason of a refusal, which a proxy may make as long as a request.</summary>
    private const int MaxRefusalLength = 1024;

    private const string Everything = "*";

    private readonly LogReader _reader = log.Join();
    private readonly Queue<(string Nonce, long After, long Sequence)> _unanswered = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private long _nonces;
    private bool _hasRefusedLast;

    public string TypeUrl { get; } = typeUrl;

    /// <summary>Whether the proxy gets everything, or only what it names and what runs on its node.</summary>
    public bool IsWildcard { get; private set; }

    /// <summary>How far the proxy is: everything up to here was accepted.</summary>
    public long Accepted { get; private set; }

    /// <summary>How far the proxy was sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Responses that the proxy refused, since the stream began.</summary>
    public int Refusals { get; private set; }

    /// <summary>Why it refused the last one that it refused; "" before that.</summary>
    public string LastRefusal { get; private set; } = string.Empty;

    /// <summary>The changes of the response that was refused last: those after the first place, up to the second.</summary>
    public (long After, long UpTo) Refused { get; private set; }

    public bool MayPush => _unanswered.Count < MaxUnanswered;

    /// <summary>The first request of the type: decides the mode, and what the proxy lacks.</summary>
    public Push Begin(DeltaDiscoveryRequest request)
    {
        bool subscribesAll = request.ResourceNamesSubscribe.Contains(Everything) || request.ResourceNamesSubscribe.Count == 0;
        IsWildcard = TypeUrl == XdsTypes.Authorization || (subscribesAll && !request.ResourceNamesUnsubscribe.Contains(Everything));
        if (IsWildcard)
        {
            IReadOnlyList<PublishedResource> all = log.Read(_reader);
            return new Push(
                [.. all.Where(resource => IsNews(request, resource)).Select(resource => new PushedResource(resource.Content!, false, null))],
                log.Missing(request.InitialResourceVersions.Keys),
                _reader.Sequence);
        }

        // Everything before this point is found by name; the log tells what changes after it.
        _reader.Sequence = log.Sequence;
        IEnumerable<string> wanted = request.ResourceNamesSubscribe.Where(name => name != Everything);
        Dictionary<string, PushedResource> found = new(StringComparer.Ordinal);
        foreach (PublishedResource local in cache.OnNode(nodeName))
        {
            Add(found, local, request);
        }

        return Collect(found, [.. wanted, .. request.InitialResourceVersions.Keys], request);
    }

    /// <summary>A later request that is no answer alone: names that are wanted from now on, or no longer.</summary>
    /// <returns>What is known of the new names; null when it names none.</returns>
    public Push? Change(DeltaDiscoveryRequest request)
    {
        foreach (string name in request.ResourceNamesUnsubscribe)
        {
            lock (_names)
            {
                _names.Remove(name);
            }
        }

        return IsWildcard || request.ResourceNamesSubscribe.Count == 0
            ? null
            : Collect(new Dictionary<string, PushedResource>(StringComparer.Ordinal), request.ResourceNamesSubscribe, request: null);
    }

    /// <summary>The proxy's answer to a response. An answer to anything but an open response is ignored.</summary>
    public void Answer(string nonce, Status? error)
    {
        if (!_unanswered.Any(open => open.Nonce == nonce))
        {
            return;
        }

        long after;
        long sequence;
        string answered;
        do
        {
            (answered, after, sequence) = _unanswered.Dequeue();
        }
        while (answered != nonce);

        _hasRefusedLast = error is not null;
        if (error is null)
        {
            Accepted = sequence;
        }
        else
        {
            Refusals++;
            LastRefusal = error.Message.Length <= MaxRefusalLength ? error.Message : error.Message[..MaxRefusalLength];
            Refused = (after, sequence);
        }
    }

    /// <summary>Whether the proxy takes a resource: everything, or what it named. Safe to ask from any thread.</summary>
    public bool Takes(string name) => IsWildcard || HasNamed(name);

    /// <summary>What changed since the last push and concerns this proxy; it may be empty.</summary>
    /// <exception cref="GrpcException">Aborted: the proxy was too slow for the changes to be kept.</exception>
    public Push Next()
    {
        if (_reader.IsLeftBehind)
        {
            throw new GrpcException(GrpcStatusCode.Aborted, "the proxy fell too far behind; it begins again with what it has");
        }

        List<PushedResource> resources = [];
        List<string> removed = [];
        foreach (PublishedResource change in log.Read(_reader))
        {
            if (change.Content is { } content)
            {
                if (IsWildcard || Concerns(change.Name, content))
                {
                    resources.Add(new PushedResource(content, !IsWildcard, null));
                }
            }
            else if (IsWildcard || HasNamed(change.Name))
            {
                removed.Add(change.Name);
            }
        }

        return new Push(resources, removed, _reader.Sequence);
    }

    /// <summary>Notes that a response goes out.</summary>
    /// <returns>Its nonce.</returns>
    public string Send(Push push)
    {
        string nonce = (++_nonces).ToString(CultureInfo.InvariantCulture);
        _unanswered.Enqueue((nonce, Sent, push.Sequence));
        Sent = push.Sequence;
        return nonce;
    }

    /// <summary>Notes that nothing up to there concerns the proxy: it is as good as accepted when nothing else is open.</summary>
    public void Skip(Push push)
    {
        Sent = push.Sequence;
        if (_unanswered.Count == 0 && !_hasRefusedLast)
        {
            Accepted = push.Sequence;
        }
    }

    public void Dispose() => log.Leave(_reader);

    private Push Collect(Dictionary<string, PushedResource> found, IReadOnlyCollection<string> names, DeltaDiscoveryRequest? request)
    {
        List<string> removed = [];
        foreach (string name in names)
        {
            Remember(name);
            IReadOnlyList<PublishedResource> known = cache.Lookup(name);
            foreach (PublishedResource resource in known)
            {
                Add(found, resource, request);
            }

            Acknowledge(found, removed, name, known, request);
        }

        return new Push([.. found.Values], removed, _reader.Sequence);
    }

    // A node proxy waits for a resource or a removal of exactly the name that it asked for (node-proxy 3.3).
    private static void Acknowledge(
        Dictionary<string, PushedResource> found,
        List<string> removed,
        string name,
        IReadOnlyList<PublishedResource> known,
        DeltaDiscoveryRequest? request)
    {
        if (known.Count == 0)
        {
            removed.Add(name);
        }
        else if (known.All(resource => resource.Name != name) && HasVersion(request, name) != known[0].Content!.Version)
        {
            PublishedResource named = known.FirstOrDefault(resource => resource.Content!.Aliases.Contains(name)) ?? known[0];
            found[name] = new PushedResource(named.Content!, true, name);
        }
    }

    private void Add(Dictionary<string, PushedResource> found, PublishedResource resource, DeltaDiscoveryRequest? request)
    {
        Remember(resource.Name);
        if (request is null || IsNews(request, resource))
        {
            found[resource.Name] = new PushedResource(resource.Content!, true, null);
        }
    }

    private void Remember(string name)
    {
        lock (_names)
        {
            if (_names.Count >= MaxNames && !_names.Contains(name))
            {
                throw new GrpcException(
                    GrpcStatusCode.ResourceExhausted, $"a proxy may name at most {MaxNames} resources; subscribe to * for everything");
            }

            _names.Add(name);
        }
    }

    private bool HasNamed(string name)
    {
        lock (_names)
        {
            return _names.Contains(name);
        }
    }

    private bool Concerns(string name, EncodedResource content)
    {
        bool concerns = HasNamed(name)
            || (nodeName.Length > 0 && content.Node == nodeName)
            || content.Aliases.Any(HasNamed)
            || content.Services.Any(HasNamed);
        if (concerns)
        {
            Remember(name);
        }

        return concerns;
    }

    private static bool IsNews(DeltaDiscoveryRequest request, PublishedResource resource) =>
        HasVersion(request, resource.Name) != resource.Content!.Version;

    private static string? HasVersion(DeltaDiscoveryRequest? request, string name) =>
        request is not null && request.InitialResourceVersions.TryGetValue(name, out string? version) ? version : null;
}
