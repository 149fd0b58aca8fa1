using Ambient.ControlPlane;
using Ambient.ControlPlane.Configuration;
using Microsoft.Extensions.Logging;

CommandLine command = CommandLine.Parse(args);
if (command.WantsHelp)
{
    Console.Out.Write(HelpText.Build());
    return 0;
}

if (ProgramStart.ReadOptions(command, Console.Error) is not { } options)
{
    return ProgramStart.WrongSettings;
}

using ILoggerFactory loggers = ProgramStart.CreateLoggers(options.LogLevel);
using StopSignals signals = new();
await using ControlPlaneApp app = new(options, loggers, TimeProvider.System);
try
{
    await app.StartAsync(CancellationToken.None);
}
catch (StartException error)
{
    Console.Error.WriteLine($"control-plane: {error.Message}");
    return ProgramStart.CannotRun;
}

bool failed = await Task.WhenAny(signals.Asked, app.Failure) == app.Failure;
await app.StopAsync();
return failed ? ProgramStart.CannotRun : 0;
