using System.Diagnostics;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Http2.Hpack;
using Ambient.Testing.Http2;
using Xunit.Abstractions;
using static Ambient.Testing.Http2.FrameBytes;

namespace Ambient.UnitTests.Http2;

/// <summary>
/// What the parts that run per frame and per request cost. Allocation is exact and asserted; times are printed, and asserted only at
/// many times what they are, so that a busy machine passes. Figures:
/// <c>dotnet test -c Release tests/Ambient.UnitTests --filter HotPathTests --logger "console;verbosity=detailed"</c>
/// </summary>
public sealed class HotPathTests(ITestOutputHelper output)
{
    private const int FramePayload = 16_384;
    private const int FramesPerBatch = 16;
    private const int Rounds = 20;
    private const double CeilingNanoseconds = 20_000;

    [Fact]
    public unsafe void A_DATA_frame_is_received_without_allocation()
    {
        CountingEvents events = new();
        Http2Connection connection = Answered(events);
        byte[] batch = [.. Enumerable.Repeat(Data(1, FramePayload), FramesPerBatch).SelectMany(frame => frame)];
        fixed (byte* start = batch)
        {
            byte* bytes = start;
            int length = batch.Length;
            double nanoseconds = Measure(20_000, () =>
            {
                connection.Receive(bytes, length);
                connection.Release(1, FramesPerBatch * FramePayload);
                connection.Output.Clear();
            }) / FramesPerBatch;
            output.WriteLine($"receive a DATA frame of 16 KB: {nanoseconds:F1} ns, {FramePayload / nanoseconds:F0} GB/s");
        }

        Assert.Null(connection.Failure);
    }

    [Fact]
    public unsafe void A_DATA_frame_over_two_reads_is_received_without_allocation()
    {
        CountingEvents events = new();
        Http2Connection connection = Answered(events);
        byte[] frame = Data(1, FramePayload);
        fixed (byte* start = frame)
        {
            byte* bytes = start;
            double nanoseconds = Measure(100_000, () =>
            {
                connection.Receive(bytes, 5);
                connection.Receive(bytes + 5, 8_000);
                connection.Receive(bytes + 8_005, 9 + FramePayload - 8_005);
                connection.Release(1, FramePayload);
                connection.Output.Clear();
            });
            output.WriteLine($"receive a DATA frame in three pieces and release it: {nanoseconds:F1} ns");
        }

        Assert.Null(connection.Failure);
    }

    [Fact]
    public unsafe void A_DATA_header_is_written_without_allocation()
    {
        CountingEvents events = new();
        Http2Connection connection = Answered(events);
        byte[] update = [.. WindowUpdate(0, 1 << 20), .. WindowUpdate(1, 1 << 20)];
        byte[] header = new byte[9];
        fixed (byte* refill = update, destination = header)
        {
            byte* refillBytes = refill;
            byte* headerBytes = destination;
            connection.Receive(refillBytes, update.Length);
            double nanoseconds = Measure(5_000, () =>
            {
                for (int i = 0; i < 64; i++)
                {
                    connection.WriteDataHeader(headerBytes, 1, FramePayload, endStream: false);
                }

                connection.Receive(refillBytes, update.Length);
            }) / 64;
            output.WriteLine($"write a DATA header: {nanoseconds:F1} ns");
        }

        Assert.Null(connection.Failure);
    }

    [Fact]
    public void A_typical_CONNECT_is_decoded_in_pooled_memory()
    {
        byte[] block = new byte[1_024];
        block = block[..new HpackEncoder().Encode(0, TypicalRequest(), block)];
        HpackDecoder decoder = new(4_096);
        HeaderList list = new(65_536);
        double nanoseconds = Measure(50_000, () =>
        {
            decoder.Decode(block, list);
            list.Clear();
        });
        output.WriteLine($"decode a CONNECT of {block.Length} bytes: {nanoseconds:F0} ns");
        HpackEncoder encoder = new();
        Http2Headers headers = TypicalRequest();
        nanoseconds = Measure(50_000, () => encoder.Encode(0, headers, block));
        output.WriteLine($"encode it: {nanoseconds:F0} ns");
    }

    [Fact]
    public unsafe void A_request_costs_a_handful_of_objects()
    {
        CountingEvents events = new();
        Http2Connection connection = Answered(events);
        byte[] block = new byte[1_024];
        block = block[..new HpackEncoder().Encode(0, TypicalRequest(), block)];
        byte[] exchange = [.. Headers(1, block), .. Data(1, 0, Http2Frame.EndStream)];
        int streamId = 1;
        const int Requests = 20_000;
        long before = 0;
        long started = 0;
        for (int i = -60_000; i < Requests; i++)
        {
            if (i == 0)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
                started = Stopwatch.GetTimestamp();
            }

            streamId += 2;
            exchange[8] = (byte)streamId;
            exchange[7] = (byte)(streamId >> 8);
            exchange[6] = (byte)(streamId >> 16);
            exchange[9 + block.Length + 8] = exchange[8];
            exchange[9 + block.Length + 7] = exchange[7];
            exchange[9 + block.Length + 6] = exchange[6];
            fixed (byte* start = exchange)
            {
                connection.Receive(start, exchange.Length);
            }

            connection.SendResponse(streamId, 200, null, endStream: true);
            connection.Output.Clear();
        }

        double nanoseconds = Stopwatch.GetElapsedTime(started).TotalNanoseconds / Requests;
        long bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Requests;
        output.WriteLine($"a request and its answer: {nanoseconds:F0} ns, {bytes} bytes");
        Assert.Null(connection.Failure);
        Assert.InRange(bytes, 1, 1_024);
        Assert.InRange(nanoseconds, 0, CeilingNanoseconds);
    }

    private static unsafe Http2Connection Answered(CountingEvents events)
    {
        Http2Connection connection = new(Http2Role.Server, Http2Options.ForServer, events);
        connection.Start();
        byte[] opening = [.. Preface, .. Settings((5, 1 << 20)), .. SettingsAck, .. Connect(1)];
        fixed (byte* start = opening)
        {
            connection.Receive(start, opening.Length);
        }

        connection.SendResponse(1, 200, null, endStream: false);
        connection.Output.Clear();
        return connection;
    }

    private static Http2Headers TypicalRequest()
    {
        Http2Headers headers = Http2Headers.ForConnect("10.244.1.17:8080");
        headers.Add("baggage", "k8s.cluster.name=Kubernetes,k8s.namespace.name=default,k8s.deployment.name=productpage,service.name=productpage,service.version=v1");
        headers.Add("forwarded", "for=\"10.244.0.9:51234\";host=reviews.default.svc.cluster.local");
        headers.Add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
        return headers;
    }

    /// <summary>
    /// Nanoseconds per call, once the code is compiled for good. A call that allocates does so in every round; the shared pool, trimmed by
    /// a collection, in a few.
    /// </summary>
    private static double Measure(int calls, Action call)
    {
        double best = double.MaxValue;
        long leastAllocated = long.MaxValue;
        calls /= Rounds;
        for (int round = 0; round < 5 * Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long started = Stopwatch.GetTimestamp();
            for (int i = 0; i < calls; i++)
            {
                call();
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalNanoseconds / calls);
            leastAllocated = Math.Min(leastAllocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, leastAllocated);
        Assert.InRange(best, 0, CeilingNanoseconds);
        return best;
    }
}
