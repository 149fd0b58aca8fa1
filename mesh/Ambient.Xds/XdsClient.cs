using Ambient.Grpc;
using Ambient.Mesh.State;
using Ambient.Xds.Decoding;
using Ambient.Xds.Messages;
using Ambient.Xds.Protocol;

namespace Ambient.Xds;

/// <summary>
/// Keeps the store as the control plane wants it, over one stream that is made again whenever it ends (node-proxy 3). While there is no
/// stream the last state stays in force. Runs on the thread pool.
/// </summary>
public sealed class XdsClient : IOnDemandResources
{
    private readonly XdsClientOptions _options;
    private readonly IXdsEvents _events;
    private readonly ResponseApplier _applier;
    private readonly ResourceDecoder _decoder = new();
    private readonly XdsBackoff _backoff = new();
    private readonly DemandedNames _demanded;
    private readonly Node _node;
    private readonly SubscribedType _addresses;
    private readonly SubscribedType[] _types;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public XdsClient(MeshStore store, XdsClientOptions options, IXdsEvents events)
    {
        _options = options;
        _events = events;
        _applier = new ResponseApplier(store);
        _demanded = new DemandedNames(options.Time);
        _node = options.Node.ToMessage();
        _addresses = new SubscribedType(XdsTypes.Address, options.OnDemand);
        _types = [_addresses, new SubscribedType(XdsTypes.Authorization, isOnDemand: false)];
    }

    /// <summary>Completes when everything subscribed to has been received once and accepted (node-proxy 3.6); stays so.</summary>
    public Task Ready => _ready.Task;

    /// <inheritdoc/>
    public bool IsActive => _options.OnDemand;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await RunStreamAsync(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask FetchAsync(ResourceName name, CancellationToken cancellation = default) =>
        IsActive ? _demanded.AskAsync(name.Text, cancellation) : ValueTask.CompletedTask;

    private async Task RunStreamAsync(CancellationToken cancellation)
    {
        XdsStreamEnd end;
        string detail;
        bool isLocal = false;
        bool isTaken = false;
        long started = _options.Time.GetTimestamp();
        try
        {
            await using DeltaStream stream = new(_options, _decoder, cancellation);
            _demanded.Attach(stream.Post, pending => Subscribe(stream, pending));
            await stream.WaitUntilTakenAsync();
            isTaken = true;
            _demanded.Taken();
            _events.Connected();
            await ServeAsync(stream);
            (end, detail) = (XdsStreamEnd.Complete, "the control plane ended the stream");
        }
        catch (GrpcException error)
        {
            (end, detail) = (isTaken ? XdsBackoff.Classify(error) : XdsStreamEnd.ConnectionError, error.Message);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Roots or a token that cannot be read, above all: the next attempt reads them again.
            (end, detail, isLocal) = (isTaken ? XdsStreamEnd.Error : XdsStreamEnd.ConnectionError, error.Message, isTaken);
        }
        finally
        {
            _demanded.Detach();
        }

        TimeSpan delay = _backoff.Next(end, isLocal, _options.Time.GetElapsedTime(started) < XdsBackoff.ShortLife);
        _events.Disconnected(end, detail, delay);
        await Task.Delay(delay, _options.Time, cancellation);
    }

    private void Subscribe(DeltaStream stream, IReadOnlyCollection<string> pending)
    {
        foreach (SubscribedType type in _types)
        {
            stream.Post(type.Subscribe(_node, pending));
        }
    }

    private async Task ServeAsync(DeltaStream stream)
    {
        while (await stream.ReadAsync() is { } response)
        {
            _events.Received(response.TypeUrl, response.PayloadBytes);
            stream.Post(Answer(response));
            Release(response);
        }
    }

    private DeltaDiscoveryRequest Answer(DeltaResponse response)
    {
        DeltaDiscoveryRequest answer = new() { TypeUrl = response.TypeUrl, ResponseNonce = response.Nonce };
        if (Array.Find(_types, type => type.TypeUrl == response.TypeUrl) is not { } type)
        {
            _events.Rejected(response.TypeUrl, "this type was not subscribed to");
            return answer;
        }

        string? refusals = _applier.Apply(response, type);
        _events.Applied(type.TypeUrl, response.Resources.Count, response.Removed.Count);
        if (ResponseApplier.Remarks(response) is { } remarks)
        {
            _events.Simplified(type.TypeUrl, remarks);
        }

        if (refusals is not null)
        {
            _events.Rejected(type.TypeUrl, refusals);
            answer.ErrorDetail = new Status { Message = refusals };
            return answer;
        }

        type.IsWarm = true;
        if (Array.TrueForAll(_types, known => known.IsWarm || known.IsOnDemand))
        {
            _ready.TrySetResult();
        }

        return answer;
    }

    /// <summary>Only now, with the answer in the store (node-proxy 3.3).</summary>
    private void Release(DeltaResponse response)
    {
        if (!IsActive || response.TypeUrl != XdsTypes.Address)
        {
            return;
        }

        _demanded.Answer(response.Resources.Select(resource => resource.Name).Concat(response.Removed), _addresses.Holds);
    }
}
