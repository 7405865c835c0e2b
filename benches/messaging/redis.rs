//! Redis Streams over loopback, where there is a `redis-server`: each message is added, read by a group and
//! acknowledged, each by itself. Nothing is written to a disk.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server of its own, which ends with this.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended needs no end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn one_by_one(messages: u64) -> Option<Duration> {
    let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
    let mut command = Command::new("redis-server");
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1"]);
    command.args(["--save", "", "--appendonly", "no"]);
    let _server = Server(command.stdout(Stdio::null()).spawn().ok()?);
    let mut redis = Redis::connect(port)?;
    redis.ask(&["XGROUP", "CREATE", "orders", "shop", "0", "MKSTREAM"])?;
    let begun = Instant::now();
    for _ in 0..messages {
        let id = redis.ask(&["XADD", "orders", "MAXLEN", "~", "1000", "*", "b", "0123456789"])?;
        let read = ["XREADGROUP", "GROUP", "shop", "ann", "COUNT", "1", "STREAMS", "orders", ">"];
        assert!(redis.ask(&read)?.contains(&id), "it is delivered");
        assert_eq!(redis.ask(&["XACK", "orders", "shop", &id])?, "1");
    }
    Some(begun.elapsed())
}

/// A connection, of which one answer after the other is read.
struct Redis(BufReader<TcpStream>);

impl Redis {
    fn connect(port: u16) -> Option<Self> {
        for _ in 0..100 {
            if let Ok(stream) = TcpStream::connect(("127.0.0.1", port)) {
                stream.set_nodelay(true).ok()?;
                return Some(Self(BufReader::new(stream)));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        None
    }

    /// The texts of an answer, one after another.
    fn ask(&mut self, words: &[&str]) -> Option<String> {
        let mut request = format!("*{}\r\n", words.len());
        for word in words {
            request += &format!("${}\r\n{word}\r\n", word.len());
        }
        self.0.get_mut().write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        self.read(&mut answer)?;
        Some(answer)
    }

    fn read(&mut self, answer: &mut String) -> Option<()> {
        let mut line = String::new();
        self.0.read_line(&mut line).ok()?;
        let (kind, rest) = line.trim_end().split_at_checked(1)?;
        match (kind, rest.parse::<i64>()) {
            ("$", Ok(length @ 0..)) => {
                let mut bytes = vec![0; length as usize + 2];
                self.0.read_exact(&mut bytes).ok()?;
                answer.push_str(std::str::from_utf8(&bytes[..length as usize]).ok()?);
            }
            ("*", Ok(count)) => (0..count).try_for_each(|_| self.read(answer))?,
            ("-", _) => return None,
            _ => answer.push_str(rest),
        }
        Some(())
    }
}
