using System.Threading.Channels;
using Ambient.ControlPlane.Distribution;
using Ambient.Grpc;
using Ambient.Grpc.Server;
using Ambient.Xds;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Xds;

/// <summary>
/// One proxy's stream, from its first request to its end. Requests are read as they come; one loop answers them and pushes what changed, so
/// that nothing of a stream's state is shared. A proxy that does not read holds up its own loop alone.
/// </summary>
internal sealed class ProxyStream : IDisposable
{
    private const int MaxWaitingRequests = 256;

    private static readonly string[] PushOrder = [XdsTypes.Authorization, XdsTypes.Address];

    private readonly GrpcServerCall _call;
    private readonly ResourceCache _cache;
    private readonly DiscoveryLimits _limits;
    private readonly IDiscoveryEvents _events;
    private readonly SemaphoreSlim _firstPushes;
    private readonly TimeProvider _time;
    private readonly Channel<DeltaDiscoveryRequest> _requests = Channel.CreateBounded<DeltaDiscoveryRequest>(
        new BoundedChannelOptions(MaxWaitingRequests) { SingleReader = true, SingleWriter = true });

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Dictionary<string, TypeSubscription> _types = new(StringComparer.Ordinal);

    /// <summary>The types of the last report: others may look at it while the loop goes on.</summary>
    private volatile TypeSubscription[] _described = [];

    public ProxyStream(
        GrpcServerCall call,
        ProxyNode node,
        ResourceCache cache,
        DiscoveryLimits limits,
        IDiscoveryEvents events,
        SemaphoreSlim firstPushes,
        TimeProvider time)
    {
        _call = call;
        Node = node;
        _cache = cache;
        _limits = limits;
        _events = events;
        _firstPushes = firstPushes;
        _time = time;
        ConnectedAt = time.GetUtcNow();
        Report = new ProxyReport(node, ConnectedAt, []);
    }

    public ProxyNode Node { get; }

    public DateTimeOffset ConnectedAt { get; }

    /// <summary>How far the proxy is, for whoever asks; replaced whole.</summary>
    public ProxyReport Report { get; private set; }

    /// <summary>Whether the proxy takes a resource, as of its last report.</summary>
    public bool Takes(string typeUrl, string name) => _described.Any(type => type.TypeUrl == typeUrl && type.Takes(name));

    /// <summary>Serves the stream until the proxy ends it.</summary>
    /// <exception cref="GrpcException">The proxy broke the protocol, or fell too far behind.</exception>
    /// <exception cref="OperationCanceledException">The call is over.</exception>
    public async Task RunAsync(DeltaDiscoveryRequest first, CancellationToken cancellation)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task reading = ReadAsync(ending.Token);
        _cache.Listen(Wake);
        try
        {
            await AnswerAsync(first);
            while (await _wake.Reader.WaitToReadAsync(cancellation))
            {
                _wake.Reader.TryRead(out _);
                while (_requests.Reader.TryRead(out DeltaDiscoveryRequest? request))
                {
                    await AnswerAsync(request);
                }

                await PushNewsAsync();
                Report = Describe();
            }
        }
        finally
        {
            _cache.Ignore(Wake);

            // The request must not be read any more once its answer has ended.
            await ending.CancelAsync();
            await reading;
        }
    }

    public void Dispose()
    {
        foreach (TypeSubscription type in _types.Values)
        {
            type.Dispose();
        }
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    private async Task ReadAsync(CancellationToken cancellation)
    {
        try
        {
            while (await _call.ReadAsync(DeltaDiscoveryRequest.Parser, cancellation) is { } request)
            {
                await _requests.Writer.WriteAsync(request, cancellation);
                Wake();
            }

            _wake.Writer.TryComplete();
        }
        catch (Exception error)
        {
            _wake.Writer.TryComplete(error);
        }
    }

    private async Task AnswerAsync(DeltaDiscoveryRequest request)
    {
        if (!_types.TryGetValue(request.TypeUrl, out TypeSubscription? type))
        {
            await BeginAsync(request);
            return;
        }

        if (request.ResponseNonce.Length > 0)
        {
            TakeAnswer(type, request);
        }

        if (type.Change(request) is { } push)
        {
            await PushAsync(type, push);
        }
    }

    private void TakeAnswer(TypeSubscription type, DeltaDiscoveryRequest request)
    {
        (long accepted, int refusals) = (type.Accepted, type.Refusals);
        type.Answer(request.ResponseNonce, request.ErrorDetail);
        if (type.Refusals > refusals)
        {
            _events.Refused(Node, type.TypeUrl, type.LastRefusal);
        }
        else if (type.Accepted > accepted)
        {
            _events.Accepted(Node, type.TypeUrl, accepted, type.Accepted);
        }
    }

    private async Task BeginAsync(DeltaDiscoveryRequest request)
    {
        ResourceLog? log = request.TypeUrl switch
        {
            XdsTypes.Address => _cache.Addresses,
            XdsTypes.Authorization => _cache.Authorizations,
            _ => null,
        };
        if (log is null)
        {
            // A proxy of another kind asks for more than there is here; it must still get the rest.
            return;
        }

        TypeSubscription type = new(request.TypeUrl, log, _cache, Node.NodeName);
        _types.Add(request.TypeUrl, type);

        // The first push can hold the whole mesh: only so many of them at once. Later ones are small and wait for nobody.
        await _firstPushes.WaitAsync(_call.Cancellation);
        try
        {
            // Sent even when it is empty: a proxy is not ready before it has heard of each type.
            Push push = type.Begin(request);

            // The stream holds its first request as long as it lives; what the proxy had is megabytes in a large mesh.
            request.InitialResourceVersions.Clear();
            await PushAsync(type, push);
        }
        finally
        {
            _firstPushes.Release();
        }
    }

    private async Task PushNewsAsync()
    {
        foreach (string typeUrl in PushOrder)
        {
            if (!_types.TryGetValue(typeUrl, out TypeSubscription? type) || !type.MayPush)
            {
                continue;
            }

            Push push = type.Next();
            if (push.IsEmpty)
            {
                type.Skip(push);
            }
            else
            {
                await PushAsync(type, push);
            }
        }
    }

    private async Task PushAsync(TypeSubscription type, Push push)
    {
        // There is no gentle way out of the middle of a message that nobody reads.
        using ITimer patience = _time.CreateTimer(_ => _call.Context.Abort(), null, _limits.WriteTimeout, Timeout.InfiniteTimeSpan);
        await ResponseWriter.WriteAsync(
            _call, type.TypeUrl, type.Send(push), push, () => patience.Change(_limits.WriteTimeout, Timeout.InfiniteTimeSpan));
        _events.Pushed(Node, type.TypeUrl, push.Resources.Count, push.Removed.Count);
    }

    private ProxyReport Describe()
    {
        _described = [.. _types.Values];
        return new ProxyReport(Node, ConnectedAt, [.. _described.Select(type => new TypeReport(
            type.TypeUrl, type.IsWildcard, type.Sent, type.Accepted, type.Refusals, type.LastRefusal)
        {
            RefusedAfter = type.Refused.After,
            RefusedUpTo = type.Refused.UpTo,
        })]);
    }
}
