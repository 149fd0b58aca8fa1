using System.Net;
using System.Net.Sockets;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Testing.Transport;

/// <summary>
/// Event loops of one test. Disposing fails the test when an exception reached a loop that the test did not expect, or when
/// a rented buffer was not given back.
/// </summary>
public sealed class LoopRig : IAsyncDisposable
{
    /// <summary>Longer than anything here takes on a busy machine; reached only by a test that hangs.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly List<Exception> _errors = [];

    public LoopRig(int loops = 1)
    {
        Group = new EventLoopGroup(loops);
        foreach (EventLoop loop in Group.Loops)
        {
            loop.UnhandledException += error =>
            {
                lock (_errors)
                {
                    _errors.Add(error);
                }
            };
        }
    }

    public EventLoopGroup Group { get; }

    public EventLoop Loop => Group.Loops[0];

    /// <summary>Runs <paramref name="story"/> on the first loop and waits for its end.</summary>
    public Task RunAsync(Func<EventLoop, Task> story) => RunAsync(Loop, story);

    public static async Task RunAsync(EventLoop loop, Func<EventLoop, Task> story)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(_ => Observe(story(loop), done), null);
        await done.Task.WaitAsync(Limit);
    }

    /// <summary>Takes the exceptions that reached the loops, so that disposing does not complain of them.</summary>
    public IReadOnlyList<Exception> TakeErrors()
    {
        lock (_errors)
        {
            Exception[] errors = [.. _errors];
            _errors.Clear();
            return errors;
        }
    }

    /// <summary>A connected pair on the current loop: the socket under test, and an ordinary socket as its peer.</summary>
    public static async Task<(LoopSocket Own, Socket Peer)> ConnectPairAsync(EventLoop loop, IPAddress address)
    {
        using var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen(1);
        DialResult dialled = await TcpDialer.ConnectAsync(loop, (IPEndPoint)listener.LocalEndPoint!, DialOptions.Default);
        Socket peer = await listener.AcceptAsync();
        return (dialled.Socket ?? throw new InvalidOperationException(dialled.Failure!.Message), peer);
    }

    public async ValueTask DisposeAsync()
    {
        var leaks = new List<string>();
        foreach (EventLoop loop in Group.Loops)
        {
            await RunAsync(loop, current =>
            {
                leaks.AddRange(current.Buffers.OutstandingOwners);
                return Task.CompletedTask;
            });
        }

        await Group.DisposeAsync();
        IReadOnlyList<Exception> errors = TakeErrors();
        if (errors.Count > 0)
        {
            throw new AggregateException("Exceptions reached an event loop.", errors);
        }

        if (leaks.Count > 0)
        {
            throw new InvalidOperationException($"Buffers were not given back by: {string.Join(", ", leaks)}.");
        }
    }

    private static async Task ObserveAsync(Task story, TaskCompletionSource done)
    {
        try
        {
            await story;
            done.SetResult();
        }
        catch (Exception error)
        {
            done.SetException(error);
        }
    }

    private static void Observe(Task story, TaskCompletionSource done) => _ = ObserveAsync(story, done);
}
