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
    private readonly DemandedNames _demanded = new();
    private readonly Node _node;
    private readonly SubscribedType[] _types;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile DeltaStream? _stream;

    public XdsClient(MeshStore store, XdsClientOptions options, IXdsEvents events)
    {
        _options = options;
        _events = events;
        _applier = new ResponseApplier(store);
        _node = options.Node.ToMessage();
        _types = [new SubscribedType(XdsTypes.Address, options.OnDemand), new SubscribedType(XdsTypes.Authorization, isOnDemand: false)];
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
    public ValueTask FetchAsync(ResourceName name, CancellationToken cancellation = default)
    {
        if (!IsActive)
        {
            return ValueTask.CompletedTask;
        }

        Task answered = _demanded.Wait(name.Text, out bool isNew);
        if (isNew)
        {
            DeltaDiscoveryRequest request = new() { TypeUrl = XdsTypes.Address };
            request.ResourceNamesSubscribe.Add(name.Text);
            _stream?.Post(request);
        }

        return new ValueTask(cancellation.CanBeCanceled ? answered.WaitAsync(cancellation) : answered);
    }

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
            Subscribe(stream);
            await stream.WaitUntilTakenAsync();
            isTaken = true;
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
            _stream = null;
        }

        TimeSpan delay = _backoff.Next(end, isLocal, _options.Time.GetElapsedTime(started) < XdsBackoff.ShortLife);
        _events.Disconnected(end, detail, delay);
        await Task.Delay(delay, _options.Time, cancellation);
    }

    private void Subscribe(DeltaStream stream)
    {
        // Visible before the names are listed: a demand made meanwhile is then asked for twice rather than never.
        IReadOnlyList<string> listed = _demanded.Pending;
        foreach (SubscribedType type in _types)
        {
            stream.Post(type.Subscribe(_node, listed));
        }

        _stream = stream;
        foreach (string name in _demanded.Pending.Except(listed))
        {
            DeltaDiscoveryRequest request = new() { TypeUrl = XdsTypes.Address };
            request.ResourceNamesSubscribe.Add(name);
            stream.Post(request);
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
        if (response.TypeUrl != XdsTypes.Address)
        {
            return;
        }

        foreach (DecodedResource resource in response.Resources)
        {
            _demanded.Release(resource.Name);
        }

        foreach (string name in response.Removed)
        {
            _demanded.Release(name);
        }
    }
}
