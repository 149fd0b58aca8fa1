using Ambient.Hbone.Http2;
using Ambient.Hbone.Http2.Hpack;
using BenchmarkDotNet.Attributes;

namespace Ambient.Microbenchmarks.Http2;

/// <summary>The header block of a typical CONNECT, with the fields that a proxy of the mesh adds (node-proxy 1.3).</summary>
[MemoryDiagnoser]
public class ConnectBenchmarks
{
    private const int TableBytes = 4_096;
    private const int ListBytes = 65_536;

    private readonly HpackEncoder _encoder = new();
    private readonly HpackDecoder _decoder = new(TableBytes);
    private readonly HeaderList _list = new(ListBytes);
    private readonly byte[] _scratch = new byte[1_024];
    private Http2Headers _headers = null!;
    private byte[] _block = null!;

    [GlobalSetup]
    public void Setup()
    {
        _headers = Http2Headers.ForConnect("10.244.1.17:8080");
        _headers.Add("baggage", "k8s.cluster.name=Kubernetes,k8s.namespace.name=default,k8s.deployment.name=productpage,service.name=productpage,service.version=v1");
        _headers.Add("forwarded", "for=\"10.244.0.9:51234\";host=reviews.default.svc.cluster.local");
        _headers.Add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
        _block = _scratch[..new HpackEncoder().Encode(0, _headers, _scratch)];
    }

    [Benchmark]
    public int Decode()
    {
        _decoder.Decode(_block, _list);
        int fields = _list.Count;
        _list.Clear();
        return fields;
    }

    [Benchmark]
    public int Encode() => _encoder.Encode(0, _headers, _scratch);
}
