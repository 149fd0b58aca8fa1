namespace Ambient.Lab.Demo;

public sealed class DemoRun(DemoOptions options, TextWriter output, TextWriter error)
{
    public Task<int> RunAsync(CancellationToken cancellationToken) => Task.FromResult(options.Keep ? 0 : output == error ? 1 : 0);
}
