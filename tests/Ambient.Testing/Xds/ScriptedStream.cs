using Ambient.Testing.Grpc;
using Ambient.Xds;
using Ambient.Xds.Messages;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Ambient.Testing.Xds;

/// <summary>The control plane's end of one stream.</summary>
public sealed class ScriptedStream
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _nonce;

    public ScriptedStream(GrpcServerCall call)
    {
        Call = call;
        call.Aborted.Register(() => _ended.TrySetResult());
    }

    public GrpcServerCall Call { get; }

    public Task Ended => _ended.Task;

    /// <summary>The proxy's next request; fails when it does not come.</summary>
    public async Task<DeltaDiscoveryRequest> ReadAsync() =>
        await Call.ReadAsync(DeltaDiscoveryRequest.Parser).WaitAsync(Patience)
        ?? throw new InvalidOperationException("the proxy half-closed its stream");

    /// <summary>The two requests that open every stream.</summary>
    public async Task<(DeltaDiscoveryRequest Addresses, DeltaDiscoveryRequest Policies)> ReadSubscriptionsAsync() =>
        (await ReadAsync(), await ReadAsync());

    /// <returns>The nonce.</returns>
    public async Task<string> SendAsync(string typeUrl, IEnumerable<Resource> resources, params string[] removed)
    {
        string nonce = $"nonce-{++_nonce}";
        DeltaDiscoveryResponse response = new() { TypeUrl = typeUrl, Nonce = nonce };
        response.Resources.AddRange(resources);
        response.RemovedResources.AddRange(removed);
        await Call.WriteAsync(response);
        return nonce;
    }

    /// <summary>Sends, and returns what the proxy answered to it.</summary>
    public async Task<DeltaDiscoveryRequest> ExchangeAsync(string typeUrl, IEnumerable<Resource> resources, params string[] removed)
    {
        string nonce = await SendAsync(typeUrl, resources, removed);
        DeltaDiscoveryRequest answer = await ReadAsync();
        return answer.ResponseNonce == nonce
            ? answer
            : throw new InvalidOperationException($"expected an answer to {nonce}, got {answer}");
    }

    public void End(int status, string? message = null)
    {
        Call.Finish(status, message);
        _ended.TrySetResult();
    }

    public void Reset(int errorCode)
    {
        Call.Reset(errorCode);
        _ended.TrySetResult();
    }

    /// <summary>Ends the response without a status.</summary>
    public void HalfClose() => _ended.TrySetResult();

    public static Resource AddressResource(Address address, string name, string version = "v1") =>
        new() { Name = name, Version = version, Resource_ = new Any { TypeUrl = XdsTypes.Address, Value = address.ToByteString() } };

    public static Resource Workload(WorkloadMessage workload, string version = "v1") =>
        AddressResource(new Address { Workload = workload }, workload.Uid, version);

    public static Resource Workload(string uid, string version = "v1") => Workload(new WorkloadMessage { Uid = uid, Name = uid }, version);

    public static Resource Service(ServiceMessage service, string version = "v1") =>
        AddressResource(new Address { Service = service }, $"{service.Namespace}/{service.Hostname}", version);

    public static Resource Policy(Authorization policy) => new()
    {
        Name = $"{policy.Namespace}/{policy.Name}",
        Resource_ = new Any { TypeUrl = XdsTypes.Authorization, Value = policy.ToByteString() },
    };

    /// <summary>Bytes that are no message.</summary>
    public static Resource Garbage(string name) => new()
    {
        Name = name,
        Version = "v1",
        Resource_ = new Any { TypeUrl = XdsTypes.Address, Value = ByteString.CopyFrom(0xff, 0xff, 0xff) },
    };
}
