using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>The command as it was built, run as a process in a directory of its own.</summary>
internal sealed class BuiltCommand : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actorflow-e2e-");
    private readonly List<Process> _processes = [];

    public string PathOf(string name) => Path.Combine(_directory.FullName, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return name;
    }

    public string[] LinesOf(string name) => File.Exists(PathOf(name)) ? File.ReadAllLines(PathOf(name)) : [];

    /// <summary>Runs the command to its end.</summary>
    public async Task<Ended> RunAsync(params string[] arguments)
    {
        using var running = Start(arguments);
        return await running.EndAsync();
    }

    /// <summary>Starts the command.</summary>
    public Running Start(params string[] arguments) => StartProgram(ProgramPath, arguments);

    /// <summary>The command's file.</summary>
    public static string ProgramPath { get; } =
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "actorflow.exe" : "actorflow");

    /// <summary>Starts another program, which may start the command. It ignores no signal, even if whoever runs the tests does.</summary>
    public Running StartProgram(string program, params string[] arguments)
    {
        string[] words = OperatingSystem.IsLinux() ? ["env", "--default-signal=HUP,INT,QUIT,TERM", program, .. arguments] : [program, .. arguments];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            WorkingDirectory = _directory.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        _processes.Add(process);
        return new(process);
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }

            process.Dispose();
        }

        _directory.Delete(recursive: true);
    }

    /// <summary>What a process left behind.</summary>
    internal sealed record Ended(int ExitCode, string Out, string Error)
    {
        public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A process under way: its lines on standard error are heard as they come.</summary>
    internal sealed class Running : IDisposable
    {
        private readonly Process _process;
        private readonly Task<string> _out;
        private readonly StringBuilder _said = new();
        private readonly List<string> _error = [];
        private readonly List<(Func<IReadOnlyList<string>, bool> When, TaskCompletionSource Seen)> _waiting = [];
        private readonly Task _reading;

        public Running(Process process)
        {
            _process = process;
            _out = ReadOutAsync();
            _reading = ReadErrorAsync();
        }

        /// <summary>The number of the process.</summary>
        public int Id => _process.Id;

        /// <summary>What it has written on standard output so far.</summary>
        public string Out
        {
            get
            {
                lock (_said)
                {
                    return _said.ToString();
                }
            }
        }

        public IReadOnlyList<string> ErrorLines
        {
            get
            {
                lock (_error)
                {
                    return [.. _error];
                }
            }
        }

        /// <summary>Waits until what was said on standard error so far satisfies the condition; false once it has ended.</summary>
        public async Task<bool> UntilErrorAsync(Func<IReadOnlyList<string>, bool> condition)
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_error)
            {
                if (condition(_error))
                {
                    return true;
                }

                _waiting.Add((condition, seen));
            }

            return await Task.WhenAny(seen.Task, _reading).WaitAsync(Deadline) == seen.Task;
        }

        /// <summary>Waits for a while, or for the end, whichever comes first.</summary>
        /// <returns>Whether it still runs.</returns>
        public async Task<bool> RunsStillAfterAsync(TimeSpan time)
        {
            using var limit = new CancellationTokenSource(time);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
                return false;
            }
            catch (OperationCanceledException)
            {
                return true;
            }
        }

        public void Kill() => _process.Kill();

        public void Interrupt() => Signal(2);

        /// <summary>Sends a signal by its number.</summary>
        public void Signal(int number) => Assert.Equal(0, NativeKill(_process.Id, number));

        public async Task<Ended> EndAsync()
        {
            await _process.WaitForExitAsync().WaitAsync(Deadline);
            await _reading.WaitAsync(Deadline);
            return new(_process.ExitCode, await _out.WaitAsync(Deadline), string.Join('\n', ErrorLines));
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill();
            }
        }

        private async Task<string> ReadOutAsync()
        {
            var buffer = new char[4096];
            int count;
            while ((count = await _process.StandardOutput.ReadAsync(buffer)) > 0)
            {
                lock (_said)
                {
                    _said.Append(buffer, 0, count);
                }
            }

            return Out;
        }

        private async Task ReadErrorAsync()
        {
            while (await _process.StandardError.ReadLineAsync() is { } line)
            {
                lock (_error)
                {
                    _error.Add(line);
                    _waiting.RemoveAll(waiting => waiting.When(_error) && waiting.Seen.TrySetResult());
                }
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int NativeKill(int pid, int signal);
}
