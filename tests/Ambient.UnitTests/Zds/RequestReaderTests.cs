using Ambient.Testing;
using Ambient.Testing.Zds;
using Ambient.Zds;
using Ambient.Zds.Messages;
using Google.Protobuf;

namespace Ambient.UnitTests.Zds;

public sealed class RequestReaderTests
{
    [Fact]
    public void Reads_the_messages_by_the_numbers_of_the_protocol()
    {
        // node-proxy 6.2: WorkloadRequest.add 1 {uid 1, workload_info 2 {name 1, namespace 2, service_account 3}}, del 2 {uid 2}, keep 5 {uid 1}.
        byte[] add = [0x0a, 0x0e, 0x0a, 0x01, (byte)'u', 0x12, 0x09, 0x0a, 0x01, (byte)'n', 0x12, 0x01, (byte)'s', 0x1a, 0x01, (byte)'a'];
        byte[] delete = [0x12, 0x03, 0x12, 0x01, (byte)'u'];
        byte[] snapshot = [0x1a, 0x00];
        byte[] keep = [0x2a, 0x03, 0x0a, 0x01, (byte)'u'];

        AddWorkload added = RequestReader.Read(add, hasDescriptor: true, out _)!.Add;
        Assert.Equal(("u", "n", "s", "a"), (added.Uid, added.WorkloadInfo.Name, added.WorkloadInfo.Namespace, added.WorkloadInfo.ServiceAccount));
        Assert.Equal("u", RequestReader.Read(delete, hasDescriptor: false, out _)!.Del.Uid);
        Assert.NotNull(RequestReader.Read(snapshot, hasDescriptor: false, out _)!.SnapshotSent);
        Assert.Equal("u", RequestReader.Read(keep, hasDescriptor: false, out _)!.Keep.Uid);
        Assert.Equal([0x0a, 0x03, 0x0a, 0x01, (byte)'e'], new WorkloadResponse { Ack = new Ack { Error = "e" } }.ToByteArray());
        Assert.Equal([0x08, 0x01], new ZdsHello { Version = Ambient.Zds.Messages.Version.V1 }.ToByteArray());
    }

    [Fact]
    public void A_descriptor_belongs_to_add_and_to_nothing_else()
    {
        Assert.Null(RequestReader.Read(ZdsRequests.Add("u").ToByteArray(), hasDescriptor: false, out string? missing));
        Assert.NotNull(missing);
        Assert.All(
            [ZdsRequests.Delete("u"), ZdsRequests.Keep("u"), ZdsRequests.Snapshot],
            request => Assert.Null(RequestReader.Read(request.ToByteArray(), hasDescriptor: true, out _)));
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_with_a_reason()
    {
        var random = new Random(4711);
        byte[][] seeds = [.. new[] { ZdsRequests.Add("uid"), ZdsRequests.Delete("uid"), ZdsRequests.Keep("uid"), ZdsRequests.Snapshot }.Select(seed => seed.ToByteArray())];
        for (int round = 0; round < FuzzRounds.Scale(20_000); round++)
        {
            byte[] bytes = [.. seeds[random.Next(seeds.Length)].Take(random.Next(1, 64))];
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));

            WorkloadRequest? request = RequestReader.Read(bytes, random.Next(2) == 0, out string? fault);

            Assert.Equal(request is null, fault is not null);
        }
    }
}
