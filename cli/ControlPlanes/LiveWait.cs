using Ambient.Cli.Text;
using Ambient.ControlPlane.Translation;

namespace Ambient.Cli.ControlPlanes;

/// <summary>Asks again and again how far an object is, and says what changed.</summary>
internal sealed class LiveWait(ControlPlaneClient client, ObjectKey key, long generation, CommandConsole console, TimeProvider time)
{
    private readonly string _name = Printable.Of(key.ToString());
    private string _said = "";

    /// <returns>0: it is live; 1: it was not in time.</returns>
    /// <exception cref="CommandException">The first question was not answered.</exception>
    public async Task<int> RunAsync(TimeSpan timeout, TimeSpan pause, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        LiveState state = await AskAsync(cancellation);
        while (true)
        {
            if (state.IsLive)
            {
                Write(console.Output, $"{_name} is {state.Describe()}", state.Findings());
                return ExitCodes.Good;
            }

            TimeSpan left = timeout - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                Write(console.Error, $"{_name} is not in force everywhere: {state.Describe()}", state.Laggards().Concat(state.Findings()));
                return ExitCodes.Found;
            }

            Say(state.Describe());
            await Task.Delay(left < pause ? left : pause, time, cancellation);
            try
            {
                state = await AskAsync(cancellation);
            }
            catch (CommandException failure)
            {
                // It was there a moment ago: one that is restarted comes back.
                Say(failure.Message);
            }
        }
    }

    private async Task<LiveState> AskAsync(CancellationToken cancellation) => new(
        await client.ReadAsync(
            $"/debug/live?kind={key.Kind}&namespace={Uri.EscapeDataString(key.Namespace)}&name={Uri.EscapeDataString(key.Name)}", cancellation),
        generation);

    private void Say(string line)
    {
        if (line != _said)
        {
            console.Output.WriteLine($"{_name}: {line}");
            _said = line;
        }
    }

    private static void Write(TextWriter output, string line, IEnumerable<string> details)
    {
        output.WriteLine(line);
        foreach (string detail in details)
        {
            output.WriteLine(detail);
        }
    }
}
