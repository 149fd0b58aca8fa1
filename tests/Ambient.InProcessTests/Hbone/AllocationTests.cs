using Ambient.Hbone;
using Ambient.Hbone.Http2;

namespace Ambient.InProcessTests.Hbone;

/// <summary>What a stream on a warm tunnel costs, in bytes allocated on its loop: a new connection of an application comes to this.</summary>
public sealed class AllocationTests
{
    private const int Rounds = 500;
    private const int ClientBudget = 1_100;
    private const int ServerBudget = 1_150;

    [Fact]
    public async Task Opening_and_ending_a_stream_stays_within_its_budget()
    {
        long serverBytes = 0;
        await using var rig = new HboneRig
        {
            OnStream = static async stream =>
            {
                stream.TakeRequest();
                stream.Respond(200, new Http2Headers(), endStream: false);
                while (!stream.IsReceiveEnded)
                {
                    await stream.WaitReceivedAsync();
                }

                stream.EndSend();
            },
        };
        HbonePoolKey key = rig.Key();
        Http2Headers request = Http2Headers.ForConnect("10.0.0.1:80");
        HbonePool.Dial dial = rig.DialAsync;
        async Task OpenManyAsync()
        {
            for (int i = 0; i < Rounds; i++)
            {
                HboneOpenResult opened = await rig.Pool.OpenAsync(key, request, dial);
                opened.Stream!.EndSend();
                while (!opened.Stream.IsReceiveEnded)
                {
                    await opened.Stream.WaitReceivedAsync();
                }

                opened.Stream.Dispose();
            }
        }

        await rig.OnOutboundAsync(OpenManyAsync);
        await rig.OnInboundAsync(() => serverBytes = -GC.GetAllocatedBytesForCurrentThread());
        long clientBytes = 0;
        await rig.OnOutboundAsync(async () =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            await OpenManyAsync();
            clientBytes = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        await rig.OnInboundAsync(() => serverBytes += GC.GetAllocatedBytesForCurrentThread());

        Assert.True(clientBytes / Rounds <= ClientBudget, $"the client allocates {clientBytes / Rounds} bytes a stream");
        Assert.True(serverBytes / Rounds <= ServerBudget, $"the server allocates {serverBytes / Rounds} bytes a stream");
    }
}
