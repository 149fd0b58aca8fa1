using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Ambient.UnitTests.Ztunnel.Admin;

public sealed class MetricsPagesTests
{
    [Fact]
    public async Task A_client_that_does_not_read_its_answer_holds_up_no_other()
    {
        using var pages = new MetricsPages(new MetricsRegistry());
        using var unread = new UnreadBody();
        Task first = pages.ServeAsync(Request(unread));
        await unread.Begun.WaitAsync(TimeSpan.FromSeconds(20));

        using var read = new MemoryStream();
        HttpContext second = Request(read);
        await pages.ServeAsync(second).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(StatusCodes.Status200OK, second.Response.StatusCode);
        Assert.False(first.IsCompleted);
        unread.Release();
        await first;
    }

    private static DefaultHttpContext Request(Stream body)
    {
        var context = new DefaultHttpContext();
        context.Request.Path = "/metrics";
        context.Response.Body = body;
        return context;
    }

    /// <summary>The response of a client whose window is full.</summary>
    private sealed class UnreadBody : MemoryStream
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public void Release() => _taken.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _begun.TrySetResult();
            await _taken.Task.WaitAsync(cancellationToken);
        }
    }
}
